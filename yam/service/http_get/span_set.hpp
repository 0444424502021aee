#pragma once
// Which bytes of a file are there: spans that are kept apart and in order, and the gaps between them.

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace yam::service {

struct Span {
  std::uint64_t first = 0;  // offset
  std::uint64_t end = 0;    // behind the last one

  std::uint64_t bytes() const { return end - first; }
  bool operator==(const Span&) const = default;
};

class SpanSet {
 public:
  void add(Span span);  // joined with those that it touches; an empty one is nothing
  void remove(Span span);
  void keep(const SpanSet& others);  // what both have

  bool has(Span span) const;  // all of it
  bool empty() const { return spans_.empty(); }
  std::uint64_t bytes() const;
  // Where the first gap begins: everything before it is there.
  std::uint64_t front_bytes() const;
  std::vector<Span> spans() const;
  std::vector<Span> gaps(std::uint64_t size_bytes) const;  // of a file of that size

  bool operator==(const SpanSet&) const = default;

 private:
  std::map<std::uint64_t, std::uint64_t> spans_;  // first → end
};

}  // namespace yam::service
