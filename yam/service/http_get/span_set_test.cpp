#include "yam/service/http_get/span_set.hpp"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

#include "yam/base/random.hpp"

namespace yam::service {
namespace {

TEST(SpanSet, JoinsWhatTouches) {
  SpanSet set;
  set.add({10, 20});
  set.add({30, 40});
  set.add({50, 50});
  EXPECT_EQ(set.spans(), (std::vector<Span>{{10, 20}, {30, 40}}));
  EXPECT_EQ(set.front_bytes(), 0U);
  EXPECT_EQ(set.gaps(45), (std::vector<Span>{{0, 10}, {20, 30}, {40, 45}}));
  EXPECT_EQ(set.gaps(15), (std::vector<Span>{{0, 10}}));
  set.add({20, 30});
  set.add({0, 5});
  EXPECT_EQ(set.spans(), (std::vector<Span>{{0, 5}, {10, 40}}));
  EXPECT_EQ(set.front_bytes(), 5U);
  set.remove({3, 12});
  EXPECT_EQ(set.spans(), (std::vector<Span>{{0, 3}, {12, 40}}));
  set.add({0, 100});
  EXPECT_EQ(set.spans(), (std::vector<Span>{{0, 100}}));
  EXPECT_TRUE(set.gaps(100).empty());
}

TEST(SpanSet, IsASetOfBytes) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    Random random(seed);
    SpanSet set;
    std::vector<bool> bytes(64);
    for (int i = 0; i < 20; ++i) {
      const std::uint64_t first = random.next() % 64;
      const Span span{first, first + random.next() % (65 - first)};
      const bool adds = random.chance(0.7);
      adds ? set.add(span) : set.remove(span);
      for (std::uint64_t at = span.first; at < span.end; ++at)
        bytes[at] = adds;
    }
    std::vector<bool> seen(64, true);
    for (const Span& gap : set.gaps(64))
      for (std::uint64_t at = gap.first; at < gap.end; ++at)
        seen[at] = false;
    EXPECT_EQ(seen, bytes) << "seed " << seed;
    EXPECT_EQ(set.bytes(), static_cast<std::uint64_t>(std::count(bytes.begin(), bytes.end(), true)));
  }
}

}  // namespace
}  // namespace yam::service
