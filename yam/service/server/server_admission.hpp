#pragma once
// Counts what all loops of a server together have: connections, connections by address, open files. Who finds
// no room is refused, at once and with the name of the limit. Any thread.

#include <cstdint>
#include <map>
#include <mutex>

#include "yam/base/address/ip.hpp"
#include "yam/service/server/limits.hpp"

namespace yam::service {

class Admission {
 public:
  // Room that was given; it is given back when the ticket goes. An empty one holds nothing.
  class Ticket {
   public:
    Ticket() = default;
    Ticket(Ticket&& other) noexcept
        : admission_(std::exchange(other.admission_, nullptr)), place_(other.place_) {}
    Ticket& operator=(Ticket&& other) noexcept {
      std::swap(admission_, other.admission_);
      std::swap(place_, other.place_);
      return *this;
    }
    ~Ticket() {
      if (admission_ != nullptr) admission_->give_back(place_);
    }

    // Of a connection.
    const IpAddress& address() const { return place_->first; }

   private:
    friend class Admission;
    using Place = std::pair<const IpAddress, std::uint64_t>;
    Ticket(Admission& admission, Place* place) : admission_(&admission), place_(place) {}

    Admission* admission_ = nullptr;
    Place* place_ = nullptr;  // null: a file
  };

  explicit Admission(const ServeLimits& limits) : limits_(limits) {}

  // Code::refused: "max-connections (10240) reached".
  Result<Ticket> admit_connection(const IpAddress& peer);
  Result<Ticket> admit_file();

  // From now on; who is there stays.
  void set_limits(const ServeLimits& limits);
  std::uint64_t connections() const;

 private:
  void give_back(Ticket::Place* place);

  mutable std::mutex mutex_;
  ServeLimits limits_;
  std::uint64_t connections_ = 0;
  std::uint64_t files_ = 0;
  std::map<IpAddress, std::uint64_t> by_address_;  // tickets point into it
};

}  // namespace yam::service
