#pragma once
// The free ports of a range, as far as one loop knows: other loops and other programs take theirs from it
// too. They stand in a random order, so that whoever tries a few finds one even when most are in use; one
// that was given back goes to the end, so that late packets of one transfer hardly ever meet another.

#include <cstdint>
#include <deque>
#include <span>
#include <utility>
#include <vector>

#include "yam/service/tftp_server/tftp_ports.hpp"

namespace yam::service {

class TftpPortRange {
 public:
  static constexpr std::size_t tries_max = 256;

  // A port, until it goes. The range outlives it. An empty one holds nothing.
  class Lease {
   public:
    Lease() = default;
    Lease(TftpPortRange& range, std::uint16_t port) : range_(&range), port_(port) {}
    Lease(Lease&& other) noexcept : range_(std::exchange(other.range_, nullptr)), port_(other.port_) {}
    Lease& operator=(Lease&& other) noexcept {
      std::swap(range_, other.range_);
      std::swap(port_, other.port_);
      return *this;
    }
    ~Lease() {
      if (range_ != nullptr) range_->free_.push_back(port_);
    }

   private:
    TftpPortRange* range_ = nullptr;
    std::uint16_t port_ = 0;
  };

  TftpPortRange(const TftpPorts& ports, std::uint64_t seed);

  // Those to try in this order, tries_max at most; until the next call.
  std::span<const std::uint16_t> candidates();
  // `port` is the first of the candidates that was free.
  Lease take(std::uint16_t port);
  // None of them was.
  void pass_over();

 private:
  std::deque<std::uint16_t> free_;
  std::vector<std::uint16_t> candidates_;
};

}  // namespace yam::service
