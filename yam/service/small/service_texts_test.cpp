#include "yam/service/small/service_texts.hpp"

#include <gtest/gtest.h>

namespace yam::service {
namespace {

using Texts = std::vector<std::string>;

Texts cut(TextCutter& cutter, const std::string& piece) {
  std::string joined;
  const auto texts = cutter.handle_piece(bytes_of(piece), joined);
  return {texts.begin(), texts.end()};
}

TEST(TextCutter, TakesWhatOneReadBroughtAsText) {
  struct Case {
    std::string piece;
    Texts texts;
  };
  const Case cases[] = {
      {"Ada", {"Ada"}},
      {"王小明", {"王小明"}},
      {"exit\n", {"exit"}},
      {"exit\r\n", {"exit"}},
      {"a\nb\n", {"a", "b"}},
      {"a\nb", {"a", "b"}},
      {"\n", {""}},
      {"\r", {"\r"}},
      {std::string("a\0b", 3), {std::string("a\0b", 3)}},
      {"\xff\xfe", {"\xff\xfe"}},
      {"", {}},
  };
  for (const Case& each : cases) {
    TextCutter cutter;
    EXPECT_EQ(cut(cutter, each.piece), each.texts) << each.piece;
    EXPECT_FALSE(cutter.is_waiting()) << each.piece;
  }
}

TEST(TextCutter, KeepsACutCharacterForTheNextRead) {
  const std::string text = "a驿😀";
  for (std::size_t at = 1; at < text.size(); ++at) {
    TextCutter cutter;
    std::string together;
    for (const auto& part : {text.substr(0, at), text.substr(at)})
      for (const auto& each : cut(cutter, part))
        together += each;
    EXPECT_EQ(together, text) << "cut at " << at;
    EXPECT_FALSE(cutter.is_waiting());
  }
}

TEST(TextCutter, ByteByByteGivesWholeCharacters) {
  TextCutter cutter;
  Texts all;
  for (const char c : std::string("驿\n"))
    for (const auto& each : cut(cutter, std::string(1, c)))
      all.push_back(each);
  EXPECT_EQ(all, (Texts{"驿", ""}));
}

TEST(TextCutter, GivesOutWhatNeverBecameWhole) {
  TextCutter cutter;
  EXPECT_EQ(cut(cutter, "a\xe9\xa9"), Texts{"a"});
  EXPECT_TRUE(cutter.is_waiting());
  EXPECT_EQ(cutter.take_rest(), "\xe9\xa9");
  EXPECT_FALSE(cutter.is_waiting());
  EXPECT_EQ(cut(cutter, "b"), Texts{"b"});
}

}  // namespace
}  // namespace yam::service
