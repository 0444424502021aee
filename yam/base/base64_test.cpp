#include "yam/base/base64.hpp"

#include <string>
#include <utility>

#include <gtest/gtest.h>

namespace yam {
namespace {

using namespace std::string_literals;

TEST(Base64, KnownTexts) {  // RFC 4648 §10
  const std::pair<std::string, std::string> rows[] = {{"", ""},
                                                      {"f", "Zg=="},
                                                      {"fo", "Zm8="},
                                                      {"foo", "Zm9v"},
                                                      {"foob", "Zm9vYg=="},
                                                      {"fooba", "Zm9vYmE="},
                                                      {"foobar", "Zm9vYmFy"},
                                                      {"\xff\xfe\xfd", "//79"},
                                                      {"\0\0"s, "AAA="},
                                                      {"\xfb\xf0", "+/A="}};
  for (const auto& [plain, text] : rows) {
    EXPECT_EQ(base64(bytes_of(plain)), text);
    EXPECT_EQ(parse_base64(text), copy_of(bytes_of(plain))) << text;
  }
}

TEST(Base64, AllBytesComeBack) {
  std::string all;
  for (int length = 0; length < 260; ++length) {
    EXPECT_EQ(parse_base64(base64(bytes_of(all))), copy_of(bytes_of(all)));
    all += static_cast<char>(length * 37);
  }
}

TEST(Base64, TakesNoOtherSpelling) {
  for (const std::string text : {"Z", "Zg", "Zg=", "Zg===", "====", "=", "Z===", "Zg==Zg==", "Zh==", "Zm9=",
                                 "Zm8=\n", " Zg==", "Zg= ", "Z-_=", "Zm9v="})
    EXPECT_EQ(parse_base64(text), std::nullopt) << text;
  EXPECT_EQ(parse_base64("Zm9v\xc3\xa4\xc3\xa4"), std::nullopt);
}

}  // namespace
}  // namespace yam
