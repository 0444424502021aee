#pragma once
// How much more clients may put into a folder. It keeps the books alone: what the folder holds is counted by
// others (Folder::held_bytes) and told here, what has come since is added, and what is on its way has its
// share set aside, so that many uploads at once cannot exceed together what each may. A file that is being
// replaced counts until it is.
//
// Any thread. Shares are gone before the quota.

#include <cstdint>
#include <mutex>
#include <optional>

#include "yam/base/time.hpp"

namespace yam::service {

class TftpQuota {
 public:
  // Between two counts so much passes at least, and so many times what the last one took: at most a fiftieth
  // of the time goes into counting.
  static constexpr Duration count_pause = std::chrono::seconds(1);
  static constexpr int count_share = 50;

  // The room of one upload; given back when it goes, but for what it kept.
  class Share {
   public:
    Share(Share&& other) noexcept;
    Share& operator=(Share&&) = delete;
    ~Share();

    // Room for so many bytes in all; false, and nothing more than before, when there is none.
    [[nodiscard]] bool grow_to(std::uint64_t bytes);
    // The file is there, with so many bytes.
    void keep(std::uint64_t bytes);

   private:
    friend class TftpQuota;
    Share(TftpQuota& quota, std::uint64_t limit, std::uint64_t bytes)
        : quota_(&quota), limit_(limit), bytes_(bytes) {}

    TftpQuota* quota_;
    std::uint64_t limit_;
    std::uint64_t bytes_;
  };

  bool is_count_due(Time now) const;
  // Before counting: what to hand over with its result, so that a file which comes meanwhile is in one of
  // them at least.
  std::uint64_t kept_since_count() const;
  void handle_count(std::uint64_t held_bytes, std::uint64_t kept_before, Time began, Time ended);

  // Room for an upload that says it has so many bytes (0 when it does not say); absent when that is more
  // than `limit` leaves.
  std::optional<Share> admit(std::uint64_t promised_bytes, std::uint64_t limit);

 private:
  bool has_room(std::uint64_t more, std::uint64_t limit) const;

  mutable std::mutex mutex_;
  std::uint64_t counted_ = 0;
  std::uint64_t kept_ = 0;       // since then
  std::uint64_t in_flight_ = 0;  // set aside
  Time next_count_ = Time::min();
};

}  // namespace yam::service
