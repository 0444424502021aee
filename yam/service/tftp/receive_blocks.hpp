#pragma once
// Plays a Receiver over a port: what comes in order goes into a sink, in pieces as they arrived together.

#include "yam/net/loop/task.hpp"
#include "yam/proto/tftp/netascii.hpp"
#include "yam/proto/tftp/receiver.hpp"
#include "yam/service/tftp/tftp_fault.hpp"
#include "yam/service/tftp/tftp_port.hpp"
#include "yam/service/tftp_server/tftp_quota.hpp"
#include "yam/store/new_file.hpp"

namespace yam::service {

// Where the bytes of one transfer go.
class BlockSink {
 public:
  virtual ~BlockSink() = default;

  // The next bytes; the pieces are gone after the call.
  virtual TftpResult<> take(std::span<const ByteView> pieces) = 0;
  // True when it cannot take more before settle() has been awaited.
  virtual bool is_full() const { return false; }
  virtual net::Task<TftpResult<>> settle();
  // That was all: the peer is told so when this is through.
  virtual net::Task<TftpResult<>> finish() = 0;
};

// A new file, which gets its name at the end, on a thread of its own. Gone before that, it takes what has
// come with it: nothing of it could be resumed.
class FileSink final : public BlockSink {
 public:
  // `bytes_max`: more than that is refused as a full disk is.
  FileSink(net::Loop& loop, store::NewFile file, std::uint64_t bytes_max)
      : loop_(loop), file_(std::move(file)), bytes_max_(bytes_max) {}

  ~FileSink() override;

  // What is written from now on needs room in the quota; what is kept stays counted.
  void hold(TftpQuota::Share share) { share_.emplace(std::move(share)); }

  // Text: lines end in LF on the disk (RFC 1350 §1).
  void decode_netascii() { decoder_.emplace(); }

  TftpResult<> take(std::span<const ByteView> pieces) override;
  net::Task<TftpResult<>> finish() override;

  std::uint64_t bytes() const { return bytes_; }
  const std::string& committed_name() const { return committed_name_; }  // once finish() is through

 private:
  TftpResult<> write(std::span<iovec> parts, std::size_t bytes);

  net::Loop& loop_;
  std::optional<store::NewFile> file_;  // until finish()
  std::uint64_t bytes_max_;
  std::uint64_t bytes_ = 0;
  std::optional<TftpQuota::Share> share_;
  std::optional<proto::tftp::NetasciiDecoder> decoder_;
  std::string committed_name_;
};

// Until receiver.end(): whole and saved, or not; the last ACK or ERROR is out
// then. `first` is a DATA that came before the receiver was made (a server that knows no options). All but
// that outlive it.
net::Task<> receive_blocks(TftpPort& port, proto::tftp::Receiver& receiver, BlockSink& sink,
                           Bytes first = {});

// After an end that is `done`: answers a last block that comes again, until receiver.gone().
net::Task<> dally(TftpPort& port, proto::tftp::Receiver& receiver);

}  // namespace yam::service
