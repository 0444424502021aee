#pragma once
// One transfer of a server, from the request to the line in the log.

#include <memory>
#include <optional>
#include <string>

#include "yam/proto/tftp/options.hpp"
#include "yam/service/tftp/receive_blocks.hpp"
#include "yam/service/tftp/send_blocks.hpp"
#include "yam/service/tftp/tftp_ladder.hpp"
#include "yam/service/tftp_server/tftp_server.hpp"
#include "yam/service/tftp_server/tftp_verdict.hpp"

namespace yam::service {

// A request, with what it borrowed copied.
struct TftpRequest {
  bool write = false;
  std::string name;
  proto::tftp::Mode mode = proto::tftp::Mode::octet;
  proto::tftp::Options asked;

  bool operator==(const TftpRequest&) const = default;
};

class TftpTransfer {
 public:
  // Within the room that `ticket` holds.
  TftpTransfer(std::shared_ptr<TftpServer> server, TftpRequest request, const TftpCaller& caller,
               Admission::Ticket ticket);
  // Tells of what is not over yet, to the client too.
  ~TftpTransfer();
  TftpTransfer(const TftpTransfer&) = delete;
  TftpTransfer& operator=(const TftpTransfer&) = delete;

  // The same client asks again, while it runs: true when this is the request that it was. If not, the
  // transfer is over. `packet` is what carried it.
  bool take_request(const TftpRequest& request, ByteView packet);

  // A packet of the client that came to the server's socket; of no use to a transfer with a port of its own.
  void deliver(ByteView packet);

  // The server stops: a transfer that only stays to answer a last block again ends, and so does one whose
  // client has not shown that it is there.
  void ask_to_leave();
  // It ends here and now, and the client is told; the port is closed then.
  void stop();

  // Serves the client, who asked in `packet`, which is borrowed for the call. Then co_await over().
  void begin(ByteView packet);
  net::Event::Wait over() { return task_.drained(); }

 private:
  net::Task<> send_file();
  net::Task<> receive_file();
  bool may_be_over() const;
  TftpResult<> open_port(const net::DatagramOptions& options = {});
  std::size_t block_bytes(const proto::tftp::Caps& caps) const;
  Bytes grant(const proto::tftp::Caps& caps, std::optional<std::uint64_t> size);
  TftpResult<> may_receive(const TftpRules& rules);
  std::uint64_t promised_bytes() const { return request_.asked.size_bytes.value_or(0); }
  void refuse(const TftpFault& fault);
  void say_now(ByteView packet);
  void say_again();
  template <class Machine>
  void note_end(const Machine& machine);
  std::string file_name() const;
  void tell();

  Admission::Ticket ticket_;  // first: given back when everything has gone
  std::shared_ptr<TftpServer> server_;
  TftpRequest request_;
  TftpCaller caller_;
  Time began_;
  std::unique_ptr<TftpLadder> ladder_;  // null: nobody draws it
  TftpPortRange::Lease lease_;          // goes after the port
  std::unique_ptr<TftpPort> port_;
  TftpPermit permit_;
  proto::tftp::Options granted_;
  std::unique_ptr<BlockSource> source_;
  std::optional<proto::tftp::Sender> sender_;
  std::optional<proto::tftp::Receiver> receiver_;
  std::string kept_name_;  // of a file that was received
  TftpStory story_;
  bool told_ = false;
  net::Scope task_;  // the one of it; last: cancelled before what it uses
};

// The task of a transfer that has begun.
net::Task<> keep_until_over(std::unique_ptr<TftpTransfer> transfer);

}  // namespace yam::service
