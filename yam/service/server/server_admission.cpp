#include "yam/service/server/server_admission.hpp"

namespace yam::service {

namespace {

std::unexpected<Error> full(std::string_view name, std::uint64_t limit, const std::string& where) {
  return fail(Code::refused, std::string(name) + " (" + std::to_string(limit) + ") reached" + where);
}

}  // namespace

Result<Admission::Ticket> Admission::admit_connection(const IpAddress& peer) {
  const std::lock_guard lock(mutex_);
  if (connections_ >= limits_.max_connections) return full("max-connections", limits_.max_connections, "");
  const auto place = by_address_.try_emplace(peer, 0).first;
  const bool is_counted = limits_.max_per_address || !peer.is_loopback();
  const std::uint64_t limit = limits_.max_per_address.value_or(max_per_address_default);
  // An address that is refused has at least one connection, so its place is not left behind empty.
  if (is_counted && place->second >= limit) return full("max-per-address", limit, " for this address");
  ++connections_;
  ++place->second;
  return Ticket(*this, &*place);
}

Result<Admission::Ticket> Admission::admit_file() {
  const std::lock_guard lock(mutex_);
  if (files_ >= limits_.max_files) return full("max-files", limits_.max_files, "");
  ++files_;
  return Ticket(*this, nullptr);
}

void Admission::give_back(Ticket::Place* place) {
  const std::lock_guard lock(mutex_);
  if (place == nullptr) {
    --files_;
    return;
  }
  --connections_;
  if (--place->second == 0) by_address_.erase(place->first);
}

void Admission::set_limits(const ServeLimits& limits) {
  const std::lock_guard lock(mutex_);
  limits_ = limits;
}

std::uint64_t Admission::connections() const {
  const std::lock_guard lock(mutex_);
  return connections_;
}

}  // namespace yam::service
