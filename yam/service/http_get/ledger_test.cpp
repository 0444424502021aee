#include "yam/service/http_get/ledger.hpp"

#include <gtest/gtest.h>

namespace yam::service {
namespace {

Ledger example() {
  Ledger ledger;
  ledger.url = "http://a/b?c";
  ledger.tag = "\"x-y\"";
  ledger.size_bytes = 1000;
  ledger.modified = 784111777;
  ledger.boot = "4f";
  ledger.is_in_order = false;
  ledger.there.add({0, 10});
  ledger.there.add({500, 1000});
  ledger.verified.add({500, 600});
  ledger.synced.add({0, 4});
  ledger.check = "ab12";
  return ledger;
}

TEST(Ledger, ReadsWhatItWrote) {
  EXPECT_EQ(*Ledger::parse(example().to_text()), example());
  Ledger empty;
  empty.url = "http://a/";
  empty.tag = "\"\"";
  EXPECT_EQ(*Ledger::parse(empty.to_text()), empty);
}

TEST(Ledger, IsWholeOrNothing) {
  const std::string text = example().to_text();
  for (std::size_t cut = 0; cut < text.size(); ++cut)
    EXPECT_FALSE(Ledger::parse(text.substr(0, cut))) << cut;
  EXPECT_FALSE(Ledger::parse(text + "x"));
  EXPECT_FALSE(Ledger::parse(text + text));
  const auto altered = [&](const std::string& from, const std::string& to) {
    std::string other = text;
    return bool(Ledger::parse(other.replace(other.find(from), from.size(), to)));
  };
  EXPECT_TRUE(altered("there 0 10", "there 0 11"));
  EXPECT_FALSE(altered("there 0 10", "there 10 0"));
  EXPECT_FALSE(altered("there 0 10", "there 0 -1"));
  EXPECT_FALSE(altered("there 0 10", "there 0"));
  EXPECT_FALSE(altered("there 500 1000", "there 500 1001"));
  EXPECT_FALSE(altered("\"x-y\"", "W/\"x\""));
  EXPECT_FALSE(altered("order any", "order some"));
  EXPECT_FALSE(altered("boot", "boots"));
  EXPECT_FALSE(altered("download 1", "download 2"));
}

}  // namespace
}  // namespace yam::service
