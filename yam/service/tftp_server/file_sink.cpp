#include "yam/service/tftp_server/file_sink.hpp"

#include <utility>
#include <vector>

#include <fmt/format.h>

#include "yam/service/commit.hpp"
#include "yam/service/tftp/write_parts.hpp"

namespace yam::service {

using proto::tftp::ErrorCode;

FileSink::~FileSink() {
  discard();
}

TftpResult<> FileSink::take(std::span<const ByteView> pieces) {
  auto taken = append(pieces);
  if (!taken) discard();
  return taken;
}

TftpResult<> FileSink::append(std::span<const ByteView> pieces) {
  Bytes local;
  std::vector<iovec> parts;
  std::size_t bytes = 0;
  if (decoder_) {
    for (const ByteView piece : pieces)
      decoder_->handle_bytes(piece, local);
    parts.push_back({local.data(), local.size()});
    bytes = local.size();
  } else {
    parts.reserve(pieces.size());
    for (const ByteView piece : pieces) {
      parts.push_back({const_cast<std::byte*>(piece.data()), piece.size()});
      bytes += piece.size();
    }
  }
  if (bytes == 0) return {};
  return write(parts, bytes);
}

TftpResult<> FileSink::append_last() {
  if (decoder_) {
    Bytes rest;
    decoder_->handle_end(rest);
    iovec part{rest.data(), rest.size()};
    if (auto written = write({&part, 1}, rest.size()); !written) return written;
  }
  if (promised_ && bytes_ != *promised_)
    return tftp_fail(ErrorCode::undefined, fmt::format("promised {} bytes, but {} came", *promised_, bytes_));
  return create_file();
}

TftpResult<> FileSink::write(std::span<iovec> parts, std::size_t bytes) {
  if (promised_ && bytes_ + bytes > *promised_)
    return tftp_fail(ErrorCode::undefined, fmt::format("promised {} bytes, but more came", *promised_));
  if (bytes_ + bytes > bytes_max_) return tftp_fail(ErrorCode::disk_full, "the file is too large here");
  if (auto created = create_file(); !created) return created;
  if (created_->share && !created_->share->grow_to(bytes_ + bytes))
    return tftp_fail(ErrorCode::disk_full, "the quota has no room for it");
  if (const int error = write_parts(created_->file.fd(), parts); error != 0)
    return std::unexpected(fault_of_write("cannot write the file", error));
  bytes_ += bytes;
  return {};
}

TftpResult<> FileSink::create_file() {
  if (created_) return {};
  auto created = create_();
  if (!created) return std::unexpected(std::move(created.error()));
  created_.emplace(std::move(*created));
  return {};
}

net::Task<TftpResult<>> FileSink::finish() {
  if (auto appended = append_last(); !appended) {
    discard();
    co_return std::unexpected(std::move(appended.error()));
  }
  TftpNewFile whole = std::move(*created_);
  created_.reset();
  auto committing = commit_elsewhere(loop_, std::move(whole.file), Uncommitted::discard);
  auto committed = co_await std::move(committing);
  if (!committed) {
    TftpFault fault = fault_of(committed.error());
    if (committed.error().code == Code::refused) fault.code = ErrorCode::already_exists;
    co_return std::unexpected(std::move(fault));
  }
  if (whole.share) whole.share->keep(bytes_);
  committed_name_ = std::move(*committed);
  co_return TftpResult<>();
}

void FileSink::discard() {
  if (created_) static_cast<void>(created_->file.discard());
  created_.reset();
}

}  // namespace yam::service
