#pragma once
// A text file as netascii: it is read and converted a piece ahead, and kept until it is acknowledged.

#include "yam/service/tftp/kept_bytes.hpp"
#include "yam/service/tftp/send_blocks.hpp"

namespace yam::service {

// The descriptor is borrowed.
class NetasciiSource final : public BlockSource {
 public:
  static constexpr std::size_t piece_bytes = 16 * 1024;  // of the file, read at once

  NetasciiSource(int fd, std::uint64_t size) : fd_(fd), size_(size) {}

  std::uint64_t bytes_ready() const override { return kept_.end(); }
  bool has_ended() const override { return read_ == size_; }
  ByteView view(std::uint64_t offset, std::size_t bytes) override { return kept_.view(offset, bytes); }
  net::Task<TftpResult<>> grow(std::uint64_t kept_from, std::uint64_t wanted_to, Time until) override;

 private:
  int fd_;
  std::uint64_t size_;
  std::uint64_t read_ = 0;  // of the file
  KeptBytes kept_{proto::tftp::Mode::netascii};
};

}  // namespace yam::service
