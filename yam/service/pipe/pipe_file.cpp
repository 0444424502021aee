#include "yam/service/pipe/pipe_file.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>

#include "yam/base/path.hpp"
#include "yam/net/stdio.hpp"
#include "yam/service/commit.hpp"
#include "yam/store/new_file.hpp"

namespace yam::service {

namespace {

constexpr int octal = 8;

// A link stays one: what it leads to is written.
bool is_written_in_place(const std::string& path) {
  struct stat status{};
  return net::is_special_file(path) || (::lstat(path.c_str(), &status) == 0 && S_ISLNK(status.st_mode));
}

}  // namespace

PipeFile::PipeFile(net::Loop& loop, std::string folder) : loop_(loop), folder_(std::move(folder)) {}

PipeFile::~PipeFile() = default;

Result<std::unique_ptr<PipeFile>> PipeFile::open(net::Loop& loop, const Endpoint& endpoint) {
  const std::string& path = endpoint.path;
  const std::size_t base = path.size() - last_part(path).size();
  std::unique_ptr<PipeFile> made(new PipeFile(loop, path.substr(0, base)));
  if (is_written_in_place(path)) {
    auto stream = net::open_file(loop, path, net::FileUse::write);
    if (!stream) return fail(stream.error());
    made->stream_ = std::move(*stream);
    return made;
  }
  const net::Fd folder(::open(base == 0 ? "." : made->folder_.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!folder) return fail(Code::local, fail_os("cannot write " + path, errno).error().what);
  store::NewFileOptions options;
  options.if_exists = store::IfExists::replace;
  if (const auto mode = endpoint.option("mode"))
    options.mode = static_cast<mode_t>(std::stoul(std::string(*mode), nullptr, octal));
  auto file = store::NewFile::create(folder.get(), path.substr(base), options);
  if (!file) return fail(file.error());
  auto copy = file->duplicate();
  if (!copy) return fail(copy.error());
  auto stream = net::FdStream::over_pair(loop, net::Fd(), std::move(*copy));
  if (!stream) return fail(stream.error());
  made->file_ = std::make_unique<store::NewFile>(std::move(*file));
  made->stream_ = std::move(*stream);
  return made;
}

net::Task<Result<void>> PipeFile::appear() {
  if (!file_) co_return Result<void>();
  auto committing = commit_elsewhere(loop_, std::move(*file_));
  const auto name = co_await std::move(committing);
  if (!name) co_return fail(name.error());
  co_return Result<void>();
}

std::string PipeFile::give_up() {
  struct stat status{};
  if (!file_) return {};
  if (::fstat(file_->fd(), &status) == 0 && status.st_size == 0 && file_->discard()) return {};
  return folder_ + file_->part_name();
}

}  // namespace yam::service
