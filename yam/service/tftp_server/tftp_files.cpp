#include "yam/service/tftp_server/tftp_files.hpp"

#include <cerrno>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "yam/base/text.hpp"

namespace yam::service {

using proto::tftp::ErrorCode;

namespace {

// What `use` makes of the folder that the permit is for. Opened anew each time: 2 µs, and what the operator
// has put in its place meanwhile is what counts.
template <class F>
auto in_folder_of(const TftpPermit& permit, const store::Folder& root, F use) -> decltype(use(root)) {
  if (permit.folder.empty()) return use(root);
  const auto own = root.open_folder(permit.folder);
  if (!own) return fail(own.error());
  return use(*own);
}

Result<store::OpenedFile> open_file(const TftpPermit& permit, const store::Folder& root) {
  return in_folder_of(permit, root,
                      [&](const store::Folder& folder) { return folder.open_file(permit.name); });
}

}  // namespace

Result<std::shared_ptr<const store::MappedFile>> TftpFiles::open(const TftpPermit& permit, Time now) {
  auto opened = open_file(permit, root_);
  if (!opened) return fail(opened.error());
  struct stat status{};
  if (::fstat(opened->fd.get(), &status) != 0) return fail_os("cannot read " + quoted(permit.name), errno);
  const auto changed = static_cast<std::uint64_t>(opened->mtime.time_since_epoch().count());
  const FileKey key{status.st_dev, opened->inode, opened->size, changed};
  if (files_.size() >= files_swept_at_) {
    std::erase_if(files_, [](const auto& each) { return each.second.expired(); });
    files_swept_at_ = 64 + 2 * files_.size();
  }
  auto& place = files_[key];
  if (auto known = place.lock()) {
    keep(known, now);
    return known;
  }
  auto mapped = store::MappedFile::map(std::move(opened->fd), opened->size);
  if (!mapped) return fail(mapped.error());
  auto file = std::make_shared<const store::MappedFile>(std::move(*mapped));
  place = file;
  keep(file, now);
  return file;
}

void TftpFiles::keep(const std::shared_ptr<const store::MappedFile>& file, Time now) {
  let_go(now);
  std::erase_if(kept_, [&](const Kept& each) { return each.file == file; });
  kept_.push_back({file, now});
  if (kept_.size() > kept_max) kept_.pop_front();
}

void TftpFiles::let_go(Time now) {
  while (!kept_.empty() && deadline() <= now)
    kept_.pop_front();
}

TftpResult<TftpNewFile> TftpFiles::create(const TftpPermit& permit, std::uint64_t promised_bytes,
                                          std::optional<std::uint64_t> quota_bytes) {
  auto share = quota_bytes ? set_aside(promised_bytes, *quota_bytes) : std::nullopt;
  if (quota_bytes && !share) return tftp_fail(ErrorCode::disk_full, "the quota has no room for it");
  store::NewFileOptions options;
  options.if_exists = if_exists_of(permit.settings.write);
  auto file = in_folder_of(
      permit, root_, [&](const store::Folder& folder) { return folder.create_file(permit.name, options); });
  if (!file) {
    TftpFault fault = fault_of(file.error());
    if (options.if_exists == store::IfExists::refuse && open_file(permit, root_))
      fault.code = ErrorCode::already_exists;
    return std::unexpected(std::move(fault));
  }
  struct statvfs disk{};
  if (::fstatvfs(file->fd(), &disk) == 0 && promised_bytes / disk.f_frsize > disk.f_bavail) {
    static_cast<void>(file->discard());
    return tftp_fail(ErrorCode::disk_full, "there is no room for so much");
  }
  return TftpNewFile{std::move(*file), std::move(share)};
}

TftpResult<> TftpFiles::try_create(const TftpPermit& permit, std::uint64_t promised_bytes,
                                   std::optional<std::uint64_t> quota_bytes) {
  auto created = create(permit, promised_bytes, quota_bytes);
  if (!created) return std::unexpected(std::move(created.error()));
  static_cast<void>(created->file.discard());
  return {};
}

std::optional<FolderQuota::Share> TftpFiles::set_aside(std::uint64_t bytes, std::uint64_t quota_bytes) {
  const Time began = Clock::now();
  if (const auto kept = quota_.begin_count(began))
    quota_.handle_count(root_.held(), *kept, began, Clock::now());
  return quota_.admit({bytes, 1}, {.bytes = quota_bytes});
}

}  // namespace yam::service
