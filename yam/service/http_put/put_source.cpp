#include "yam/service/http_put/put_source.hpp"

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

#include "yam/base/text.hpp"
#include "yam/net/stdio.hpp"
#include "yam/store/beneath.hpp"

namespace yam::service {

namespace {

Result<net::Fd> open_regular(const PutErrand& errand) {
  const std::string what = "cannot open " + quoted(errand.file);
  if (errand.folder) {
    auto opened = store::open_beneath(errand.folder->get(), errand.beneath, O_RDONLY);
    if (!opened) return fail_os(what, opened.error());
    return std::move(*opened);
  }
  net::Fd fd(::open(errand.file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!fd) return fail_os(what, errno);
  return fd;
}

}  // namespace

Result<std::unique_ptr<PutSource>> PutSource::open(net::Loop& loop, const PutErrand& errand) {
  auto source = std::make_unique<PutSource>();
  source->file_ = errand.file;
  if (errand.file == put_standard) {
    net::StdioOptions options;
    options.out = -1;
    auto in = net::open_stdio(loop, options);
    if (!in) return fail(Code::local, in.error().what);
    source->stream_ = std::move(*in);
    return source;
  }
  if (!errand.size_bytes) {
    auto in = net::open_file(loop, errand.file, net::FileUse::read);
    if (!in) return fail(in.error());
    source->stream_ = std::move(*in);
    return source;
  }
  auto fd = open_regular(errand);
  if (!fd) return fail(fd.error());
  source->fd_ = std::move(*fd);
  const auto version = store::version_of(source->fd_.get());
  if (!version) return fail(Code::local, quoted(errand.file) + ": " + version.error().what);
  source->version_ = *version;
  return source;
}

Result<void> PutSource::check_unchanged() const {
  const auto now = store::version_of(fd_.get());
  if (now && *now == version_) return {};
  return fail(Code::local, quoted(file_) + " was changed while it was sent",
              "a file that grows can be sent as it is now through stdin: yam put - URL < FILE");
}

Result<void> PutSource::read(ByteSpan into, std::uint64_t offset) const {
  while (!into.empty()) {
    const ssize_t count = ::pread(fd_.get(), into.data(), into.size(), static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail_os("cannot read " + quoted(file_), errno);
    if (count == 0) return fail(Code::local, quoted(file_) + " became shorter while it was sent");
    into = into.subspan(static_cast<std::size_t>(count));
    offset += static_cast<std::uint64_t>(count);
  }
  return {};
}

}  // namespace yam::service
