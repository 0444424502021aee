#include "yam/service/http_send/byte_counts.hpp"

#include <algorithm>
#include <iterator>

namespace yam::service {

void ByteCounts::add(std::uint64_t first, std::uint64_t bytes) {
  if (first > end_ - 1 || bytes > end_ - 1 - first) return;  // of another file than this
  const std::uint64_t behind = first + bytes == end_ - 1 ? end_ : first + bytes;
  if (behind == first || counts_.size() + 2 > spans_max) return;
  const auto begin = cut_at(first);
  const auto end = cut_at(behind);
  for (auto at = begin; at != end; ++at)
    ++at->second;
  // What is next to its like needs no span of its own.
  auto at = begin == counts_.begin() ? begin : std::prev(begin);
  while (at != counts_.end()) {
    const auto next = std::next(at);
    if (next == counts_.end()) break;
    const bool is_last = next == end;
    if (next->second == at->second)
      counts_.erase(next);
    else
      at = next;
    if (is_last) break;
  }
}

bool ByteCounts::take_whole() {
  const auto is_missing = [](const auto& span) { return span.second == 0; };
  if (std::ranges::any_of(counts_, is_missing)) return false;
  for (auto& span : counts_)
    --span.second;
  return true;
}

ByteCounts::Counts::iterator ByteCounts::cut_at(std::uint64_t at) {
  if (at == end_) return counts_.end();
  const auto before = std::prev(counts_.upper_bound(at));
  return counts_.emplace(at, before->second).first;
}

}  // namespace yam::service
