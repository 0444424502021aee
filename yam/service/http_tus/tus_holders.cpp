#include "yam/service/http_tus/tus_holders.hpp"

#include <utility>

#include "yam/service/server/server_visit.hpp"

namespace yam::service {

TusHolders::Hold::Hold(TusHolders& holders, std::string id, Visit& visit)
    : holders_(holders), id_(std::move(id)), visit_(visit) {
  const std::lock_guard lock(holders_.mutex_);
  holders_.holders_[id_] = {&visit, &visit.loop(), visit.loop().now()};
}

TusHolders::Hold::~Hold() {
  const std::lock_guard lock(holders_.mutex_);
  holders_.holders_.erase(id_);
}

void TusHolders::Hold::handle_progress() {
  const std::lock_guard lock(holders_.mutex_);
  holders_.holders_[id_].heard = visit_.loop().now();
}

bool TusHolders::ask_to_let_go(const std::string& id, Time now) {
  const std::lock_guard lock(mutex_);
  const auto found = holders_.find(id);
  if (found == holders_.end() || now - found->second.heard < silence_max) return false;
  if (std::exchange(found->second.is_asked, true)) return true;
  net::Loop* loop = found->second.loop;
  // There it cannot go away meanwhile.
  loop->post([this, id, loop] {
    const std::lock_guard here(mutex_);
    const auto still = holders_.find(id);
    if (still != holders_.end() && still->second.loop == loop) still->second.visit->cut_off();
  });
  return true;
}

}  // namespace yam::service
