#pragma once
// Chance that repeats: the same seed gives the same numbers on every platform (the standard's distributions
// do not). Not for secrets: whoever sees a few numbers knows the rest.

#include <cstdint>

namespace yam {

// SplitMix64 (Steele, Lea, Flood 2014): 64 bits of state, every seed is good.
class Random {
 public:
  explicit constexpr Random(std::uint64_t seed) : state_(seed) {}

  constexpr std::uint64_t next() {
    state_ += 0x9e3779b97f4a7c15;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }

  // 0 up to, but not including, 1; 53 bits fine.
  constexpr double unit() { return static_cast<double>(next() >> 11) * 0x1p-53; }

  // True once in 1/probability; always takes exactly one number, so that fates do not depend on each other.
  constexpr bool chance(double probability) { return unit() < probability; }

  // From -span to +span, both included as far as rounding goes.
  constexpr std::int64_t within(std::int64_t span) {
    return static_cast<std::int64_t>((unit() * 2 - 1) * static_cast<double>(span));
  }

 private:
  std::uint64_t state_;
};

}  // namespace yam
