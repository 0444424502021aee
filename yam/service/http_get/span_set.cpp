#include "yam/service/http_get/span_set.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace yam::service {

void SpanSet::add(Span span) {
  if (span.first >= span.end) return;
  auto next = spans_.upper_bound(span.first);
  if (next != spans_.begin() && std::prev(next)->second >= span.first) --next;
  while (next != spans_.end() && next->first <= span.end) {
    span.first = std::min(span.first, next->first);
    span.end = std::max(span.end, next->second);
    next = spans_.erase(next);
  }
  spans_.emplace(span.first, span.end);
}

void SpanSet::remove(Span span) {
  if (span.first >= span.end) return;
  std::vector<Span> kept;
  for (const Span& one : spans()) {
    kept.push_back({one.first, std::min(one.end, span.first)});
    kept.push_back({std::max(one.first, span.end), one.end});
  }
  spans_.clear();
  for (const Span& one : kept)
    add(one);
}

bool SpanSet::has(Span span) const {
  const auto next = spans_.upper_bound(span.first);
  return span.first >= span.end || (next != spans_.begin() && std::prev(next)->second >= span.end);
}

void SpanSet::keep(const SpanSet& others) {
  SpanSet both;
  auto mine = spans_.cbegin();
  auto other = others.spans_.cbegin();
  while (mine != spans_.cend() && other != others.spans_.cend()) {
    both.add({std::max(mine->first, other->first), std::min(mine->second, other->second)});
    ++(mine->second < other->second ? mine : other);  // of one type, or it would be a copy
  }
  spans_ = std::move(both.spans_);
}

std::uint64_t SpanSet::bytes() const {
  std::uint64_t bytes = 0;
  for (const auto& [first, end] : spans_)
    bytes += end - first;
  return bytes;
}

std::uint64_t SpanSet::front_bytes() const {
  return spans_.empty() || spans_.begin()->first > 0 ? 0 : spans_.begin()->second;
}

std::vector<Span> SpanSet::spans() const {
  std::vector<Span> all;
  for (const auto& [first, end] : spans_)
    all.push_back({first, end});
  return all;
}

std::vector<Span> SpanSet::gaps(std::uint64_t size_bytes) const {
  std::vector<Span> gaps;
  std::uint64_t at = 0;
  for (const auto& [first, end] : spans_) {
    if (first >= size_bytes) break;
    if (at < first) gaps.push_back({at, first});
    at = std::max(at, end);
  }
  if (at < size_bytes) gaps.push_back({at, size_bytes});
  return gaps;
}

}  // namespace yam::service
