#pragma once
// Plays a Sender over a port: what it wants sent is read from a source straight into packets, and leaves with
// as few system calls as the kernel allows.

#include <sys/uio.h>

#include "yam/net/loop/task.hpp"
#include "yam/proto/tftp/sender.hpp"
#include "yam/service/tftp/tftp_fault.hpp"
#include "yam/service/tftp/tftp_port.hpp"

namespace yam::service {

// The bytes of one transfer, whatever they come from.
class BlockSource {
 public:
  virtual ~BlockSource() = default;

  // How many bytes there are so far, and whether that is all; neither goes back.
  virtual std::uint64_t bytes_ready() const = 0;
  virtual bool has_ended() const = 0;
  // Fills `parts` with what stands from `offset` on, all of it ready.
  virtual TftpResult<> read(std::uint64_t offset, std::span<const iovec> parts) = 0;
  // Gets ready at least one more byte or finds the end; what stands before `kept_from` is not wanted again.
  // Not called after the end.
  virtual net::Task<TftpResult<>> grow(std::uint64_t kept_from, std::uint64_t wanted_to) = 0;
};

// A regular file of known size; the descriptor is borrowed. One that has become shorter is a fault.
class FileSource final : public BlockSource {
 public:
  FileSource(int fd, std::uint64_t size) : fd_(fd), size_(size) {}

  std::uint64_t bytes_ready() const override { return size_; }
  bool has_ended() const override { return true; }
  TftpResult<> read(std::uint64_t offset, std::span<const iovec> parts) override;
  net::Task<TftpResult<>> grow(std::uint64_t kept_from, std::uint64_t wanted_to) override;

 private:
  int fd_;
  std::uint64_t size_;
};

// Until sender.end(), which says how it went; the last ERROR, if there is one, is out
// then. Whoever cancels it leaves the peer without a word. All three outlive it.
net::Task<> send_blocks(TftpPort& port, proto::tftp::Sender& sender, BlockSource& source);

// What the sender wants out now, as far as there is room. For somebody else than send_blocks, which waits for
// the peer meanwhile.
void send_due_now(TftpPort& port, proto::tftp::Sender& sender, BlockSource& source);

}  // namespace yam::service
