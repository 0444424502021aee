#pragma once
// How often each byte of a file went out. Its end counts as one byte more, which goes with the last one: so
// even an empty file can have gone out. Pure.

#include <cstddef>
#include <cstdint>
#include <map>

namespace yam::service {

class ByteCounts {
 public:
  // Spans with different counts; what would need more is not counted.
  static constexpr std::size_t spans_max = 4096;

  explicit ByteCounts(std::uint64_t size_bytes) : end_(size_bytes + 1), counts_{{0, 0}} {}

  // `bytes` from `first` on went out.
  void add(std::uint64_t first, std::uint64_t bytes);
  // Whether all of it went out; then that is taken off once.
  bool take_whole();

 private:
  using Counts = std::map<std::uint64_t, std::uint32_t>;  // from there on, up to the next

  Counts::iterator cut_at(std::uint64_t at);

  std::uint64_t end_;
  Counts counts_;
};

}  // namespace yam::service
