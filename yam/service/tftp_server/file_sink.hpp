#pragma once
// The file that a client sends: made when its first byte comes, and given its name at the end, on a thread of
// its own. Where something goes wrong before that, what has come is removed at once, and so it is when the
// sink goes: nothing of it could be resumed. On the loop's thread.

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <sys/uio.h>

#include "yam/net/loop/task.hpp"
#include "yam/proto/tftp/netascii.hpp"
#include "yam/service/tftp/receive_blocks.hpp"
#include "yam/service/tftp_server/tftp_files.hpp"

namespace yam::service {

class FileSink final : public BlockSink {
 public:
  // What is written needs room in the share that comes with it, and what is kept stays counted there.
  using Create = std::function<TftpResult<TftpNewFile>()>;

  // `create` is called once, before the first byte is written, or at the end of an empty file. `bytes_max`:
  // more than that is refused as a full disk is.
  FileSink(net::Loop& loop, Create create, std::uint64_t bytes_max)
      : loop_(loop), create_(std::move(create)), bytes_max_(bytes_max) {}
  ~FileSink() override;

  // Text: lines end in LF on the disk (RFC 1350 §1).
  void decode_netascii() { decoder_.emplace(); }
  // The client said that so many will come (RFC 2349, tsize); another number is refused.
  void expect_bytes(std::uint64_t bytes) { promised_ = bytes; }

  TftpResult<> take(std::span<const ByteView> pieces) override;
  net::Task<TftpResult<>> finish() override;

  std::uint64_t bytes() const { return bytes_; }
  const std::string& committed_name() const { return committed_name_; }  // once finish() is through

 private:
  TftpResult<> append(std::span<const ByteView> pieces);
  TftpResult<> append_last();
  TftpResult<> write(std::span<iovec> parts, std::size_t bytes);
  TftpResult<> create_file();
  void discard();

  net::Loop& loop_;
  Create create_;
  std::optional<TftpNewFile> created_;  // until finish()
  std::uint64_t bytes_max_;
  std::optional<std::uint64_t> promised_;
  std::uint64_t bytes_ = 0;
  std::optional<proto::tftp::NetasciiDecoder> decoder_;
  std::string committed_name_;
};

}  // namespace yam::service
