#pragma once
// Brings a download to the disk while it comes, now and then and on a thread, so that a crash of the machine
// costs what came since. It waits for nothing: what the disk cannot keep up with is synced later.
//
// One loop; the PartFile outlives it.

#include <optional>

#include "yam/net/loop/elsewhere.hpp"
#include "yam/service/http_get/part_file.hpp"

namespace yam::service {

class PartSync {
 public:
  static constexpr Duration pause = std::chrono::seconds(5);

  PartSync(net::Loop& loop, PartFile& part) : loop_(loop), part_(part), due_(after(loop.now(), pause)) {}
  ~PartSync() { part_.end_sync(false); }
  PartSync(const PartSync&) = delete;
  PartSync& operator=(const PartSync&) = delete;

  // Begins or ends what is due. What fails here fails again when the file is written, and is told then.
  void handle_moved();

 private:
  net::Loop& loop_;
  PartFile& part_;
  Time due_;
  std::optional<net::Elsewhere<void>> syncing_;
};

}  // namespace yam::service
