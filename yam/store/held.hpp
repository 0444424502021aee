#pragma once
// How much a folder holds, or is to hold.

#include <cstdint>

namespace yam::store {

struct Held {
  std::uint64_t bytes = 0;
  std::uint64_t files = 0;

  Held& operator+=(const Held& more) {
    bytes += more.bytes;
    files += more.files;
    return *this;
  }
  // `less` is a part of it.
  Held& operator-=(const Held& less) {
    bytes -= less.bytes;
    files -= less.files;
    return *this;
  }
  bool operator==(const Held&) const = default;
};

}  // namespace yam::store
