#include "yam/service/tftp_client/upload.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "yam/base/text.hpp"
#include "yam/net/stdio.hpp"

namespace yam::service {

namespace tftp = proto::tftp;

namespace {

constexpr std::size_t piece_bytes = 64 * 1024;  // that a stream is asked for at once

std::unexpected<Error> fail_to_read(const std::string& path, int errno_value) {
  Error error = fail_os("cannot read " + quoted(path), errno_value).error();
  error.code = Code::local;
  return fail(std::move(error));
}

}  // namespace

Result<std::unique_ptr<Upload>> Upload::open(net::Loop& loop, const std::string& path, tftp::Mode mode) {
  std::unique_ptr<Upload> made(new Upload(path, mode));
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0) return fail_to_read(path, errno);
  if (S_ISDIR(status.st_mode)) return fail_to_read(path, EISDIR);
  if (S_ISREG(status.st_mode) && mode == tftp::Mode::octet) {
    net::Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd || ::fstat(fd.get(), &status) != 0) return fail_to_read(path, errno);
    auto mapped = store::MappedFile::map(std::move(fd), static_cast<std::uint64_t>(status.st_size));
    if (mapped) {
      made->file_.emplace(std::make_shared<const store::MappedFile>(std::move(*mapped)));
      return made;
    }
  }
  auto stream = net::open_file(loop, path, net::FileUse::read);
  if (!stream) return fail(stream.error());
  made->stream_ = std::move(*stream);
  return made;
}

Result<std::unique_ptr<Upload>> Upload::standard_input(net::Loop& loop, tftp::Mode mode) {
  std::unique_ptr<Upload> made(new Upload("stdin", mode));
  net::StdioOptions options;
  options.out = -1;
  auto stream = net::open_stdio(loop, options);
  if (!stream) return fail(stream.error());
  made->stream_ = std::move(*stream);
  return made;
}

std::optional<std::uint64_t> Upload::size_bytes() const {
  if (file_) return file_->bytes_ready();
  return ended_ ? std::optional(bytes_ready()) : std::nullopt;
}

std::uint64_t Upload::bytes_ready() const {
  return file_ ? file_->bytes_ready() : kept_.end();
}

ByteView Upload::view(std::uint64_t offset, std::size_t bytes) {
  read_to_ = std::max(read_to_, offset + bytes);
  if (file_) return file_->view(offset, bytes);
  return kept_.view(offset, bytes);
}

bool Upload::read(std::uint64_t offset, ByteSpan into) {
  if (!file_ || !file_->read(offset, into)) return false;
  read_to_ = std::max(read_to_, offset + into.size());
  return true;
}

TftpResult<> Upload::verify() const {
  if (!file_) return {};
  auto good = file_->verify();
  if (!good) fault_ = Error{Code::local, "cannot send " + quoted(path_) + ": " + good.error().text, ""};
  return good;
}

net::Task<TftpResult<>> Upload::grow(std::uint64_t kept_from, std::uint64_t wanted_to, Time until) {
  kept_.forget_before(kept_from);
  Bytes piece(std::max<std::uint64_t>(piece_bytes, wanted_to - bytes_ready()));
  const auto got = co_await stream_->read(piece, until);
  if (!got && got.error().code == Code::timeout) co_return TftpResult<>();
  if (!got) {
    fault_ = Error{Code::local, "cannot read " + quoted(path_) + ": " + got.error().what, ""};
    co_return tftp_fail(tftp::ErrorCode::undefined, "the file cannot be read");
  }
  if (*got == 0) ended_ = true;
  kept_.append(ByteView(piece).first(*got));
  co_return TftpResult<>();
}

}  // namespace yam::service
