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

TEST(SpanSet, KeepsWhatBothHave) {
  SpanSet one, two;
  for (const Span span : {Span{0, 10}, Span{20, 30}, Span{40, 50}})
    one.add(span);
  for (const Span span : {Span{5, 22}, Span{24, 26}, Span{29, 45}})
    two.add(span);
  const std::vector<Span> both = {{5, 10}, {20, 22}, {24, 26}, {29, 30}, {40, 45}};
  SpanSet kept = one;
  kept.keep(two);
  EXPECT_EQ(kept.spans(), both);
  two.keep(one);
  EXPECT_EQ(two, kept);
  EXPECT_TRUE(kept.has({6, 10}) && kept.has({5, 10}) && kept.has({7, 7}));
  EXPECT_FALSE(kept.has({4, 10}) || kept.has({9, 11}) || kept.has({10, 11}) || kept.has({60, 61}));
  kept.keep({});
  EXPECT_TRUE(kept.empty());
}

}  // namespace
}  // namespace yam::service
