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

bool FolderQuota::Share::keep_more(std::uint64_t bytes) {
  if (!grow_to(bytes)) return false;
  const store::Held more{bytes, 0};
  const std::lock_guard lock(quota_->mutex_);
  quota_->in_flight_ -= more;
  quota_->kept_ += more;
  room_ -= more;
  return true;
}

void FolderQuota::Share::keep(std::uint64_t bytes) {
  const std::lock_guard lock(quota_->mutex_);
  const store::Held room = std::exchange(room_, {});
  quota_->in_flight_ -= room;
  quota_->kept_ += {bytes, room.files};
}

std::optional<store::Held> FolderQuota::begin_count(Time now, bool is_urgent) {
  const std::lock_guard lock(mutex_);
  if (is_counting_ || now < (is_urgent ? next_urgent_count_ : next_count_)) return std::nullopt;
  is_counting_ = true;
  return kept_;
}

void FolderQuota::handle_count(store::Held held, store::Held kept_before, Time began, Time ended) {
  const std::lock_guard lock(mutex_);
  counted_ = held;
  kept_ -= kept_before;
  is_counted_ = true;
  is_counting_ = false;
  next_count_ = after(ended, std::max(count_pause, count_share * (ended - began)));
  next_urgent_count_ = after(ended, std::max(count_pause, urgent_count_share * (ended - began)));
}

void FolderQuota::handle_count_failed() {
  const std::lock_guard lock(mutex_);
  is_counting_ = false;
}

bool FolderQuota::is_counted() const {
  const std::lock_guard lock(mutex_);
  return is_counted_;
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
