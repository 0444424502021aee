#pragma once
// Plays a Sender over a port: what it wants sent leaves from where the source has it, a header before each
// block, with as few system calls as the kernel allows.

#include <memory>

#include "yam/net/loop/task.hpp"
#include "yam/proto/tftp/sender.hpp"
#include "yam/service/tftp/tftp_fault.hpp"
#include "yam/service/tftp/tftp_port.hpp"
#include "yam/store/mapped_file.hpp"

namespace yam::service {

// The bytes of one transfer, whatever they come from.
class BlockSource {
 public:
  virtual ~BlockSource() = default;

  // How many bytes there are so far, and whether that is all; neither goes back.
  virtual std::uint64_t bytes_ready() const = 0;
  virtual bool has_ended() const = 0;
  // What stands from `offset` on, all of it ready, until the next grow(). For the kernel alone: of a file it
  // may vanish (store/mapped_file.hpp).
  virtual ByteView view(std::uint64_t offset, std::size_t bytes) = 0;
  // Copies what stands from `offset` on, all of it ready, to be sent soon; false: view() is as good.
  virtual bool read(std::uint64_t, ByteSpan) { return false; }
  // Whether what was viewed or read was true.
  virtual TftpResult<> verify() const { return {}; }
  // Gets ready at least one more byte or finds the end, unless neither is there before `until`; what stands
  // before `kept_from` is not wanted again. Not called after the end.
  virtual net::Task<TftpResult<>> grow(std::uint64_t kept_from, std::uint64_t wanted_to, Time until) = 0;
};

// A regular file. One that was written to or cut meanwhile is a fault.
class FileSource final : public BlockSource {
 public:
  explicit FileSource(std::shared_ptr<const store::MappedFile> file) : file_(std::move(file)) {}

  std::uint64_t bytes_ready() const override { return file_->size(); }
  bool has_ended() const override { return true; }
  ByteView view(std::uint64_t offset, std::size_t bytes) override {
    return file_->bytes().subspan(static_cast<std::size_t>(offset), bytes);
  }
  bool read(std::uint64_t offset, ByteSpan into) override;
  TftpResult<> verify() const override;
  net::Task<TftpResult<>> grow(std::uint64_t kept_from, std::uint64_t wanted_to, Time until) override;

 private:
  std::shared_ptr<const store::MappedFile> file_;
};

inline constexpr const char* file_changed = "the file changed while it was sent";

// Until sender.end(), which says how it went; the last ERROR, if there is one, is out
// then. Whoever cancels it leaves the peer without a word. All three outlive it.
net::Task<> send_blocks(TftpPort& port, proto::tftp::Sender& sender, BlockSource& source);

// What the sender wants out now, as far as there is room. For somebody else than send_blocks, which waits for
// the peer meanwhile.
void send_due_now(TftpPort& port, proto::tftp::Sender& sender, BlockSource& source);

}  // namespace yam::service
