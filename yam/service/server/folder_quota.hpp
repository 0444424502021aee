#pragma once
// How much more clients may put into a folder. It keeps the books alone: what the folder holds is counted by
// others (Folder::held, UploadStore::held) and told here, what has come since is added, and what is on its
// way has its share set aside, so that many uploads at once cannot exceed together what each may. A file that
// is being replaced counts until it is.
//
// Any thread. Shares are gone before the quota.

#include <cstdint>
#include <limits>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

#include "yam/base/time.hpp"
#include "yam/store/folder.hpp"

namespace yam::service {

// The most that a folder may hold.
struct QuotaLimit {
  std::uint64_t bytes = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t files = std::numeric_limits<std::uint64_t>::max();

  bool operator==(const QuotaLimit&) const = default;
};

class FolderQuota {
 public:
  // Between two counts so much passes at least, and so many times what the last one took: a fiftieth of the
  // time goes into counting, and a fifth where uploads would be refused otherwise.
  static constexpr Duration count_pause = std::chrono::seconds(1);
  static constexpr int count_share = 50, urgent_count_share = 5;

  // The room of one upload; given back when it goes, but for what it kept.
  class Share {
   public:
    Share(Share&& other) noexcept;
    Share& operator=(Share&&) = delete;
    ~Share();

    // Room for so many bytes in all; false, and nothing more than before, when there is none.
    [[nodiscard]] bool grow_to(std::uint64_t bytes);
    // So many more are there, promised or not; false when there was no room for them.
    [[nodiscard]] bool keep_more(std::uint64_t bytes);
    // It is there, with so many bytes: those that were promised are free again.
    void keep(std::uint64_t bytes);

   private:
    friend class FolderQuota;
    Share(FolderQuota& quota, QuotaLimit limit, store::Held room)
        : quota_(&quota), limit_(limit), room_(room) {}

    FolderQuota* quota_;
    QuotaLimit limit_;
    store::Held room_;
  };

  // One at a time counts: what to hand over with the result, so that a file which comes meanwhile is in one
  // of them at least. Absent when no count is due, or somebody is at it.
  std::optional<store::Held> begin_count(Time now, bool is_urgent = false);
  void handle_count(store::Held held, store::Held kept_before, Time began, Time ended);
  void handle_count_failed();
  bool is_counted() const;  // once at least

  // Room for what an upload says it will add: so many bytes (0 when it does not say), and a file or, when it
  // goes on with one, none. Absent when that is more than `limit` leaves.
  std::optional<Share> admit(store::Held promised, QuotaLimit limit);

 private:
  bool has_room(store::Held more, QuotaLimit limit) const;

  mutable std::mutex mutex_;
  store::Held counted_;
  store::Held kept_;       // since then
  store::Held in_flight_;  // set aside
  bool is_counted_ = false;
  bool is_counting_ = false;
  Time next_count_ = Time::min(), next_urgent_count_ = Time::min();
};

// Those of all folders that a server gives out, whichever protocol fills them. Any thread.
class FolderQuotas {
 public:
  // Of that folder, by whichever path; it lives as long as this does.
  FolderQuota& of(const store::Folder& folder) {
    const std::lock_guard lock(mutex_);
    return quotas_[folder.identity()];
  }

 private:
  std::mutex mutex_;
  std::map<std::pair<std::uint64_t, std::uint64_t>, FolderQuota> quotas_;
};

}  // namespace yam::service
