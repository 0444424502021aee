#include "yam/service/tftp_server/tftp_quota.hpp"

#include <algorithm>
#include <utility>

namespace yam::service {

TftpQuota::Share::Share(Share&& other) noexcept
    : quota_(std::exchange(other.quota_, nullptr)), limit_(other.limit_), bytes_(other.bytes_) {}

TftpQuota::Share::~Share() {
  if (quota_ == nullptr) return;
  const std::lock_guard lock(quota_->mutex_);
  quota_->in_flight_ -= bytes_;
}

bool TftpQuota::Share::grow_to(std::uint64_t bytes) {
  if (bytes <= bytes_) return true;
  const std::lock_guard lock(quota_->mutex_);
  if (!quota_->has_room(bytes - bytes_, limit_)) return false;
  quota_->in_flight_ += bytes - bytes_;
  bytes_ = bytes;
  return true;
}

void TftpQuota::Share::keep(std::uint64_t bytes) {
  const std::lock_guard lock(quota_->mutex_);
  quota_->in_flight_ -= std::exchange(bytes_, 0);
  quota_->kept_ += bytes;
}

bool TftpQuota::is_count_due(Time now) const {
  const std::lock_guard lock(mutex_);
  return now >= next_count_;
}

std::uint64_t TftpQuota::kept_since_count() const {
  const std::lock_guard lock(mutex_);
  return kept_;
}

void TftpQuota::handle_count(std::uint64_t held_bytes, std::uint64_t kept_before, Time began, Time ended) {
  const std::lock_guard lock(mutex_);
  counted_ = held_bytes;
  kept_ -= std::min(kept_, kept_before);  // another loop may have counted at the same time
  next_count_ = after(ended, std::max(count_pause, count_share * (ended - began)));
}

std::optional<TftpQuota::Share> TftpQuota::admit(std::uint64_t promised_bytes, std::uint64_t limit) {
  const std::lock_guard lock(mutex_);
  if (!has_room(promised_bytes, limit)) return std::nullopt;
  in_flight_ += promised_bytes;
  return Share(*this, limit, promised_bytes);
}

// A folder that is full has no room for an empty file either.
bool TftpQuota::has_room(std::uint64_t more, std::uint64_t limit) const {
  const std::uint64_t taken = counted_ + kept_ + in_flight_;
  return taken < limit && more <= limit - taken;
}

}  // namespace yam::service
