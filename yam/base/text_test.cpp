#include "yam/base/text.hpp"

#include <gtest/gtest.h>

namespace yam {
namespace {

using namespace std::string_view_literals;

struct Utf8Case {
  std::string_view bytes;
  Decoded first;
};

// Table 3-7 of the Unicode standard at its edges, and what lies one beyond each.
constexpr Utf8Case utf8_cases[] = {
    {"a"sv, {'a', 1, Utf8::valid}},
    {"\0"sv, {0, 1, Utf8::valid}},
    {"\xc2\x80"sv, {0x80, 2, Utf8::valid}},
    {"\xdf\xbf"sv, {0x7ff, 2, Utf8::valid}},
    {"\xe0\xa0\x80"sv, {0x800, 3, Utf8::valid}},
    {"\xed\x9f\xbf"sv, {0xd7ff, 3, Utf8::valid}},
    {"\xee\x80\x80"sv, {0xe000, 3, Utf8::valid}},
    {"\xef\xbf\xbf"sv, {0xffff, 3, Utf8::valid}},
    {"\xf0\x90\x80\x80"sv, {0x10000, 4, Utf8::valid}},
    {"\xf4\x8f\xbf\xbf"sv, {0x10ffff, 4, Utf8::valid}},
    {"驿站"sv, {0x9a7f, 3, Utf8::valid}},
    {"\x80"sv, {0, 1, Utf8::invalid}},
    {"\xc0\x80"sv, {0, 1, Utf8::invalid}},
    {"\xc1\xbf"sv, {0, 1, Utf8::invalid}},
    {"\xe0\x9f\xbf"sv, {0, 1, Utf8::invalid}},
    {"\xed\xa0\x80"sv, {0, 1, Utf8::invalid}},
    {"\xf0\x8f\xbf\xbf"sv, {0, 1, Utf8::invalid}},
    {"\xf4\x90\x80\x80"sv, {0, 1, Utf8::invalid}},
    {"\xf5\x80\x80\x80"sv, {0, 1, Utf8::invalid}},
    {"\xff"sv, {0, 1, Utf8::invalid}},
    {"\xe9\xa9z"sv, {0, 2, Utf8::invalid}},
    {"\xe9"sv, {0, 1, Utf8::cut}},
    {"\xe9\xa9"sv, {0, 2, Utf8::cut}},
    {"\xf0\x9f\x98"sv, {0, 3, Utf8::cut}},
};

TEST(Text, DecodesUtf8) {
  for (const auto& [bytes, first] : utf8_cases) {
    const Decoded seen = decode_utf8(bytes);
    EXPECT_EQ(seen.kind, first.kind) << escaped(bytes);
    EXPECT_EQ(seen.length, first.length) << escaped(bytes);
    EXPECT_EQ(seen.point, first.point) << escaped(bytes);
    EXPECT_EQ(is_utf8(bytes), first.kind == Utf8::valid) << escaped(bytes);
  }
  EXPECT_TRUE(is_utf8(""));
}

TEST(Text, HoldsBackWhatTheEndCuts) {
  EXPECT_EQ(whole_utf8(""), 0U);
  EXPECT_EQ(whole_utf8("ab\x80\x80\x80\x80\x80"), 7U) << "strays will not become whole";
  const std::string_view text = "a驿é😀";
  constexpr std::size_t whole[] = {0, 1, 1, 1, 4, 4, 6, 6, 6, 6, 10};
  for (std::size_t length = 0; length <= text.size(); ++length)
    EXPECT_EQ(whole_utf8(text.substr(0, length)), whole[length]) << length;
}

TEST(Text, EscapesWhatATerminalWouldObey) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"plain", "plain"},
      {"驿站 é 😀", "驿站 é 😀"},
      {R"(C:\dir)", R"(C:\dir)"},
      {"a\nb\r\tc", R"(a\nb\r\tc)"},
      {"\x1b[2J"sv, R"(\x1b[2J)"},
      {"\0\x7f"sv, R"(\x00\x7f)"},
      {"\xc2\x9b"
       "31m"sv,
       R"(\xc2\x9b31m)"},
      {"\xc2\xa0"sv, "\xc2\xa0"},
      {"a\u202e"
       "b",
       R"(a\xe2\x80\xaeb)"},
      {"\u202a\u2069", R"(\xe2\x80\xaa\xe2\x81\xa9)"},
      {"\u2028", R"(\xe2\x80\xa8)"},
      {"\u2065", "\u2065"},
      {"\xff\xe9\xa9z"sv, R"(\xff\xe9\xa9z)"},
      {"\xe9\xa9"sv, R"(\xe9\xa9)"},
  };
  for (const auto& [text, safe] : cases)
    EXPECT_EQ(escaped(text), safe);
}

TEST(Text, EscapesEachControlAndNoNeighbour) {
  for (const char* harmful : {"\u2028", "\u2029", "\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2066",
                              "\u2067", "\u2068", "\u2069", "\xc2\x80", "\xc2\x9f", "\x1f", "\x7f"})
    EXPECT_TRUE(escaped(harmful).starts_with('\\')) << escaped(harmful);
  for (const char* harmless : {"\u2027", "\u202f", "\u2065", "\u206a", "\xc2\xa0", " ", "~"})
    EXPECT_EQ(escaped(harmless), harmless);
}

TEST(Text, QuotesShortly) {  // qualified, for std::quoted(std::string) would be found as well
  EXPECT_EQ(yam::quoted("a\nb"), R"("a\nb")");
  EXPECT_EQ(yam::quoted(R"(a" to 10.0.0.9:69; whole)"), R"("a\" to 10.0.0.9:69; whole")");
  EXPECT_EQ(yam::quoted(R"(Boot\BCD\)"), R"("Boot\\BCD\\")");
  EXPECT_EQ(yam::quoted("\"\x1b\\n\""), R"("\"\x1b\\n\"")");
  EXPECT_EQ(yam::quoted(""), R"("")");
  EXPECT_EQ(yam::quoted(std::string(80, 'x')), '"' + std::string(80, 'x') + '"');
  EXPECT_EQ(yam::quoted(std::string(81, 'x')), '"' + std::string(80, 'x') + "…\"");
  EXPECT_EQ(yam::quoted(std::string(79, 'x') + "驿"), '"' + std::string(79, 'x') + "…\"")
      << "no half character";
}

TEST(Text, MeasuresCells) {
  const std::pair<std::string_view, std::size_t> cases[] = {
      {"", 0},     {"abc", 3},      {"é", 1},          {"e\u0301", 1}, {"驿站", 4}, {"한글", 4},
      {"ｱ", 1},    {"Ａ", 2},       {"😀", 2},         {"\n", 0},      {"→", 1},    {"\u200b", 0},
      {"\xff", 1}, {"\xe9\xa9", 2}, {"\U00020000", 2}, {"ก็", 1},
  };
  for (const auto& [text, cells] : cases)
    EXPECT_EQ(display_width(text), cells) << escaped(text);
}

TEST(Text, HexGoesBothWays) {
  EXPECT_EQ(hex({}), "");
  EXPECT_EQ(hex(bytes_of("Hel\xff")), "48 65 6c ff");
  for (const char* text : {"48 65 6c ff", "48656cff", "48656C FF"})
    EXPECT_EQ(parse_hex(text), copy_of(bytes_of("Hel\xff"))) << text;
  EXPECT_EQ(parse_hex(""), Bytes{});

  const std::pair<std::string_view, const char*> refusals[] = {
      {"4", "bad hex at column 2: a digit is missing"},
      {"48 6", "bad hex at column 5: a digit is missing"},
      {"48 ", "bad hex at column 4: a digit is missing"},
      {"48  65", R"(bad hex at column 4: " " is no hex digit)"},
      {" 48", R"(bad hex at column 1: " " is no hex digit)"},
      {"4 8", R"(bad hex at column 2: " " is no hex digit)"},
      {"0x48", R"(bad hex at column 2: "x" is no hex digit)"},
      {"48\n", R"(bad hex at column 3: "\n" is no hex digit)"},
  };
  for (const auto& [text, why] : refusals) {
    const auto parsed = parse_hex(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error(), (Error{Code::usage, why, "write two digits a byte: 48 65 6c or 48656c"}));
  }
}

TEST(Text, HexdumpLooksAsItAlwaysDid) {
  EXPECT_EQ(hexdump({}), "");
  EXPECT_EQ(hexdump(bytes_of("Hello, world\r\n\xff~and more")),
            "00000000  48 65 6c 6c 6f 2c 20 77  6f 72 6c 64 0d 0a ff 7e  |Hello, world...~|\n"
            "00000010  61 6e 64 20 6d 6f 72 65                           |and more|\n");
  EXPECT_EQ(hexdump(bytes_of("x"), 0xabcdef0),
            "0abcdef0  78                                                |x|\n");
}

TEST(Text, GuessesTheNearestWord) {
  constexpr std::string_view verbs[] = {"serve", "send", "connect", "listen", "pipe", "talk", "-"};
  const std::pair<const char*, const char*> cases[] = {
      {"serv", "serve"},    {"srve", "serve"}, {"esrve", "serve"}, {"sned", "send"}, {"conect", "connect"},
      {"lsiten", "listen"}, {"ppe", "pipe"},   {"serve", "serve"}, {"x", ""},        {"", ""},
      {"frobnicate", ""},
  };
  for (const auto& [word, meant] : cases)
    EXPECT_EQ(nearest(word, verbs).value_or(""), meant) << word;
  EXPECT_FALSE(nearest(std::string(65, 'a'), verbs));
}

}  // namespace
}  // namespace yam
