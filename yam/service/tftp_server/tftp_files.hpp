#pragma once
// The files of a TFTP service, as the rules show them to each client: its folder, opened beneath the
// service's own, and in it the name that the request has become. Nothing leads out of the client's folder,
// links included, and a folder that is missing is never made: whoever forges an address could make any.
//
// For one loop's thread; the calls are brief, but they are system calls and wait for the disk.

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>

#include "yam/base/time.hpp"
#include "yam/service/server/folder_quota.hpp"
#include "yam/service/tftp/tftp_fault.hpp"
#include "yam/service/tftp_server/tftp_rules.hpp"
#include "yam/store/folder.hpp"
#include "yam/store/mapped_file.hpp"

namespace yam::service {

// A file that is being received, and the room that was set aside for it.
struct TftpNewFile {
  store::NewFile file;
  std::optional<FolderQuota::Share> share;  // where there is a quota
};

class TftpFiles {
 public:
  // How long a file stays open and mapped after it was opened last, and how many do: what the next client
  // asks for is mostly what this one did, and its pages are mapped then (a third of the time of 64 MiB).
  static constexpr Duration kept_for = std::chrono::seconds(10);
  static constexpr std::size_t kept_max = 8;

  // Both outlive it.
  TftpFiles(const store::Folder& root, FolderQuota& quota) : root_(root), quota_(quota) {}

  // As Folder::open_file; Code::not_found for a client's folder that is missing, too. Transfers of the same
  // file, as it is now, share one descriptor and one mapping: a boot storm is over one image.
  Result<std::shared_ptr<const store::MappedFile>> open(const TftpPermit& permit, Time now);
  // When to call let_go(), which closes what nobody uses any more; `never` when nothing is kept.
  Time deadline() const { return kept_.empty() ? never : after(kept_.front().opened_at, kept_for); }
  void let_go(Time now);

  // Begins a file, when the disk and the quota, if there is one, have room for what was promised (0: nothing
  // was). The permit lets it write.
  TftpResult<TftpNewFile> create(const TftpPermit& permit, std::uint64_t promised_bytes,
                                 std::optional<std::uint64_t> quota_bytes);
  // Whether create() would do so now. Nothing of it stays: who asks may have forged his address.
  TftpResult<> try_create(const TftpPermit& permit, std::uint64_t promised_bytes,
                          std::optional<std::uint64_t> quota_bytes);

 private:
  void keep(const std::shared_ptr<const store::MappedFile>& file, Time now);
  std::optional<FolderQuota::Share> set_aside(std::uint64_t bytes, std::uint64_t quota_bytes);

  const store::Folder& root_;
  FolderQuota& quota_;
  // By device, inode, size and time of change; those that nobody reads any more are looked for now and then.
  using FileKey = std::array<std::uint64_t, 4>;
  std::map<FileKey, std::weak_ptr<const store::MappedFile>> files_;
  std::size_t files_swept_at_ = 64;
  struct Kept {
    std::shared_ptr<const store::MappedFile> file;
    Time opened_at;
  };
  std::deque<Kept> kept_;  // in the order of opened_at
};

}  // namespace yam::service
