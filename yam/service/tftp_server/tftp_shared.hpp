#pragma once
// What the TFTP services of one server have in common, on whichever loop: the rules that hold now, and the
// counts. Any thread.

#include <memory>
#include <mutex>

#include "yam/service/tftp_server/tftp_counters.hpp"
#include "yam/service/tftp_server/tftp_rules.hpp"

namespace yam::service {

class TftpShared {
 public:
  explicit TftpShared(TftpRules rules) { set_rules(std::move(rules)); }

  // Those of now, shared with whoever still goes by them.
  std::shared_ptr<const TftpRules> rules() const {
    const std::lock_guard lock(mutex_);
    return rules_;
  }
  // For requests from now on; transfers go on as they were granted.
  void set_rules(TftpRules rules) {
    auto made = std::make_shared<const TftpRules>(std::move(rules));
    const std::lock_guard lock(mutex_);
    rules_ = std::move(made);
  }

  TftpCounters& counters() { return counters_; }
  const TftpCounters& counters() const { return counters_; }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const TftpRules> rules_;
  TftpCounters counters_;
};

}  // namespace yam::service
