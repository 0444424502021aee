#include "yam/service/server/folder_quota.hpp"

#include <algorithm>
#include <utility>

namespace yam::service {

FolderQuota::Share::Share(Share&& other) noexcept
    : quota_(std::exchange(other.quota_, nullptr)), limit_(other.limit_), room_(other.room_) {}

FolderQuota::Share::~Share() {
  if (quota_ == nullptr) return;
  const std::lock_guard lock(quota_->mutex_);
  quota_->in_flight_ -= room_;
}

bool FolderQuota::Share::grow_to(std::uint64_t bytes) {
  if (bytes <= room_.bytes) return true;
  const store::Held more{bytes - room_.bytes, 0};
  const std::lock_guard lock(quota_->mutex_);
  if (!quota_->has_room(more, limit_)) return false;
  quota_->in_flight_ += more;
  room_ += more;
  return true;
}

void FolderQuota::Share::keep(std::uint64_t bytes) {
  const std::lock_guard lock(quota_->mutex_);
  const store::Held room = std::exchange(room_, {});
  quota_->in_flight_ -= room;
  quota_->kept_ += {bytes, room.files};
}

bool FolderQuota::is_count_due(Time now) const {
  const std::lock_guard lock(mutex_);
  return now >= next_count_;
}

store::Held FolderQuota::kept_since_count() const {
  const std::lock_guard lock(mutex_);
  return kept_;
}

void FolderQuota::handle_count(store::Held held, store::Held kept_before, Time began, Time ended) {
  const std::lock_guard lock(mutex_);
  counted_ = held;
  // Another loop may have counted at the same time.
  kept_ -= {std::min(kept_.bytes, kept_before.bytes), std::min(kept_.files, kept_before.files)};
  next_count_ = after(ended, std::max(count_pause, count_share * (ended - began)));
}

std::optional<FolderQuota::Share> FolderQuota::admit(store::Held promised, QuotaLimit limit) {
  const std::lock_guard lock(mutex_);
  if (!has_room(promised, limit)) return std::nullopt;
  in_flight_ += promised;
  return Share(*this, limit, promised);
}

// A folder that is full has no room for an empty file either.
bool FolderQuota::has_room(store::Held more, QuotaLimit limit) const {
  store::Held taken = counted_;
  taken += kept_;
  taken += in_flight_;
  return taken.bytes < limit.bytes && more.bytes <= limit.bytes - taken.bytes &&
         (more.files == 0 || (taken.files < limit.files && more.files <= limit.files - taken.files));
}

}  // namespace yam::service
