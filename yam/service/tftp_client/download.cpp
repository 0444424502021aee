#include "yam/service/tftp_client/download.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/uio.h>
#include <unistd.h>

#include "yam/base/path.hpp"
#include "yam/base/text.hpp"
#include "yam/net/stdio.hpp"
#include "yam/service/tftp/write_parts.hpp"

namespace yam::service {

namespace tftp = proto::tftp;

namespace {

// For who typed the command line, all that stands in the way here is this machine's doing, not a peer's.
std::unexpected<Error> fail_here(Error error, std::string hint = {}) {
  error.code = Code::local;
  if (error.hint.empty()) error.hint = std::move(hint);
  return fail(std::move(error));
}

}  // namespace

Result<std::unique_ptr<Download>> Download::open(net::Loop& loop, const std::string& path,
                                                 Existing existing) {
  std::unique_ptr<Download> made(new Download(path));
  if (net::is_special_file(path)) {
    auto stream = net::open_file(loop, path, net::FileUse::write);
    if (!stream) return fail_here(stream.error());
    made->stream_ = std::move(*stream);
    return made;
  }
  const std::size_t base = path.size() - last_part(path).size();
  const std::string folder = base == 0 ? "." : path.substr(0, base);
  const net::Fd parent(::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!parent) return fail_here(fail_os("cannot write " + quoted(path), errno).error());
  store::NewFileOptions options;
  options.sync = false;  // who loses it in a power cut asks again
  if (existing == Existing::replaced) options.if_exists = store::IfExists::replace;
  auto file = store::NewFile::create(parent.get(), path.substr(base), options);
  if (!file) {
    const bool is_taken = existing == Existing::kept && ::access(path.c_str(), F_OK) == 0;
    return fail_here(file.error(), is_taken ? "--force replaces it" : "");
  }
  made->file_.emplace(std::move(*file));
  return made;
}

Result<std::unique_ptr<Download>> Download::standard_output(net::Loop& loop) {
  std::unique_ptr<Download> made(new Download("stdout"));
  net::StdioOptions options;
  options.in = -1;
  auto stream = net::open_stdio(loop, options);
  if (!stream) return fail_here(stream.error());
  made->stream_ = std::move(*stream);
  return made;
}

Download::~Download() {
  if (file_ && !is_kept_) static_cast<void>(file_->discard());
}

void Download::expect(tftp::Mode mode, std::optional<std::uint64_t> size_bytes) {
  if (mode == tftp::Mode::netascii) decoder_.emplace();
  promised_bytes_ = size_bytes;
}

TftpResult<> Download::take(std::span<const ByteView> pieces) {
  for (const ByteView piece : pieces)
    bytes_ += piece.size();
  if (promised_bytes_ && !decoder_ && bytes_ > *promised_bytes_)
    return stop({Code::verification,
                 "the server promised " + std::to_string(*promised_bytes_) + " bytes of " + escaped(path_) +
                     ", but sent more",
                 ""});
  if (!decoder_) return stream_ ? stream_out(pieces) : write(pieces);
  decoded_.clear();
  for (const ByteView piece : pieces)
    decoder_->handle_bytes(piece, decoded_);
  const ByteView text = decoded_;
  return stream_ ? stream_out({&text, 1}) : write({&text, 1});
}

// What the stream does not take at once waits for settle().
TftpResult<> Download::stream_out(std::span<const ByteView> pieces) {
  while (!pieces.empty()) {
    const auto written = waiting_.empty() ? stream_->try_write(pieces) : std::nullopt;
    if (written && !*written) return stop(written->error());
    std::size_t rest = written ? **written : 0;
    while (!pieces.empty() && rest >= pieces.front().size()) {
      rest -= pieces.front().size();
      pieces = pieces.subspan(1);
    }
    if (pieces.empty()) return {};
    if (written && rest == 0) continue;  // one call does not take any number of pieces
    const ByteView cut = pieces.front().subspan(rest);
    waiting_.insert(waiting_.end(), cut.begin(), cut.end());
    pieces = pieces.subspan(1);
  }
  return {};
}

TftpResult<> Download::write(std::span<const ByteView> pieces) {
  parts_.clear();
  for (const ByteView piece : pieces)
    parts_.push_back({const_cast<std::byte*>(piece.data()), piece.size()});
  const int error = write_parts(file_->fd(), parts_);
  if (error == 0) return {};
  const TftpFault told = fault_of_write("cannot write the file", error);
  return stop(fail_os("cannot write " + quoted(path_), error).error(), told.code);
}

net::Task<TftpResult<>> Download::settle() {
  const auto written = co_await stream_->write(waiting_);
  waiting_.clear();
  if (!written) co_return stop(written.error());
  co_return TftpResult<>();
}

net::Task<TftpResult<>> Download::finish() {
  if (promised_bytes_ && !decoder_ && bytes_ != *promised_bytes_) {
    std::string what = "the server promised " + std::to_string(*promised_bytes_) + " bytes of " +
                       escaped(path_) + ", but " + std::to_string(bytes_) + " came";
    Error error{Code::verification, std::move(what), ""};
    if (file_) {
      is_kept_ = true;
      const std::size_t base = path_.size() - last_part(path_).size();
      error.hint = "what came is in " + escaped(path_.substr(0, base) + file_->part_name());
    }
    co_return stop(std::move(error));
  }
  if (decoder_) {
    Bytes last;
    decoder_->handle_end(last);
    decoder_.reset();
    const ByteView piece = last;
    auto taken = take({&piece, 1});
    bytes_ -= last.size();  // was counted when it came
    if (taken && is_full()) {
      auto settling = settle();
      taken = co_await std::move(settling);
    }
    if (!taken) co_return taken;
  }
  if (!file_) co_return TftpResult<>();
  const auto named = file_->commit();
  if (!named) co_return stop(named.error());
  file_.reset();
  co_return TftpResult<>();
}

std::unexpected<TftpFault> Download::stop(Error error, tftp::ErrorCode code) {
  if (error.code != Code::verification) error.code = Code::local;
  if (stream_ && error.code == Code::local) error.what = escaped(path_) + ": " + error.what;
  // The server learns what happened, but no paths.
  const char* told = code == tftp::ErrorCode::disk_full ? "the disk is full"
                     : error.code == Code::verification ? "this is not as long as was promised"
                                                        : "the file cannot be written";
  fault_ = std::move(error);
  return tftp_fail(code, told);
}

}  // namespace yam::service
