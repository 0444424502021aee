#include "yam/service/http_get/part_sync.hpp"

#include <utility>

namespace yam::service {

void PartSync::handle_moved() {
  if (syncing_ && !syncing_->is_done()) return;
  if (syncing_) {
    part_.end_sync(syncing_->take().has_value());
    syncing_.reset();
    due_ = after(loop_.now(), pause);
    static_cast<void>(part_.save());
  }
  if (loop_.now() < due_ || part_.ledger().tag.empty()) return;
  auto sync = part_.begin_sync();
  due_ = after(loop_.now(), pause);
  if (!sync) return;
  syncing_.emplace(loop_);
  const auto begun = syncing_->begin([sync = std::move(*sync)]() mutable { return sync.run(); });
  if (begun) return;
  syncing_.reset();
  part_.end_sync(false);
}

}  // namespace yam::service
