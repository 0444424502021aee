#include "yam/service/http_get/http_tree.hpp"

#include <gtest/gtest.h>

namespace yam::service {
namespace {

TEST(HttpTree, IsFiltered) {
  HttpTreeRules rules;
  EXPECT_TRUE(passes(rules, "a/b.txt", false));
  rules.include = {"*.txt", "doc/*"};
  EXPECT_TRUE(passes(rules, "a/b.txt", false));
  EXPECT_TRUE(passes(rules, "doc/b.png", false));
  EXPECT_FALSE(passes(rules, "a/b.png", false));
  EXPECT_TRUE(passes(rules, "a", true));
  rules.exclude = {".git", "a/b*"};
  EXPECT_FALSE(passes(rules, "x/.git", true));
  EXPECT_FALSE(passes(rules, "a/b.txt", false));
  EXPECT_TRUE(passes(rules, "c/b.txt", false));
}

}  // namespace
}  // namespace yam::service
