#include "yam/proto/ws/utf8_check.hpp"

#include <string>

#include <gtest/gtest.h>

#include "yam/base/text.hpp"

namespace yam::proto::ws {

namespace {

// In pieces of that many bytes.
bool passes(std::string_view text, std::size_t step) {
  Utf8Check check;
  for (std::size_t at = 0; at < text.size(); at += step)
    if (!check.add(bytes_of(text.substr(at, step)))) return false;
  return check.is_whole();
}

void expect_as_base(const std::string& text) {
  for (const std::size_t step : {1UL, 2UL, 3UL, 7UL, 1000UL})
    EXPECT_EQ(passes(text, step), is_utf8(text)) << hex(bytes_of(text)) << " by " << step;
}

TEST(WsUtf8Check, AgreesWithBase) {
  for (const char* text :
       {"", "a", "plain ascii, long enough for eights", "驿站 é 𐍈 and more", "\xf4\x8f\xbf\xbf",
        "\xed\x9f\xbf", "\xee\x80\x80", "\xe0\xa0\x80", "\xf0\x90\x80\x80", "\xc2\x80"})
    expect_as_base(text);
  for (const char* text : {"\x80", "\xbf", "\xc0\xaf", "\xc1\xbf", "\xe0\x9f\xbf", "\xed\xa0\x80",
                           "\xed\xbf\xbf", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff",
                           "\xc2", "\xe2\x82", "\xf0\x9f\x98", "\xc2 ", "12345678\xff"})
    expect_as_base(text);
}

// Every lead byte with every second one.
TEST(WsUtf8Check, AgreesWithBaseOnAllStarts) {
  for (int lead = 0x80; lead < 0x100; ++lead)
    for (int second = 0; second < 0x100; ++second)
      for (const char* rest : {"", "\x80", "\x80\x80"})
        expect_as_base(std::string{static_cast<char>(lead), static_cast<char>(second)} + rest);
}

TEST(WsUtf8Check, KnowsItAtTheFirstWrongByte) {
  Utf8Check check;
  EXPECT_TRUE(check.add(bytes_of("\xf0")));
  EXPECT_FALSE(check.is_whole());
  EXPECT_FALSE(check.add(bytes_of("\x8f")));
}

}  // namespace

}  // namespace yam::proto::ws
