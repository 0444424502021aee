#include "yam/service/small/outbox_name.hpp"

#include <gtest/gtest.h>

#include "yam/service/server/limits.hpp"
#include "yam/store/folder_name.hpp"

namespace yam::service {
namespace {

TEST(OutboxName, IsWholeAtALineEndAndTakesItOff) {
  struct Case {
    std::string says;
    std::string name;
    bool is_whole;
  };
  const Case cases[] = {
      {"", "", false},     {"a", "a", false},       {"a\n", "a", true},         {"a\r\n", "a", true},
      {"a\r", "a", false}, {"\n", "", true},        {"a\nb", "a", true},        {"a\n\n", "a", true},
      {"\na", "", true},   {"文件", "文件", false}, {"文件\r\n", "文件", true},
  };
  for (const Case& each : cases) {
    OutboxName whole;
    whole.handle_piece(bytes_of(each.says));
    EXPECT_EQ(whole.is_whole(), each.is_whole) << each.says;
    EXPECT_EQ(whole.text(), each.name);
    OutboxName byte_by_byte;
    for (const char& byte : each.says)
      byte_by_byte.handle_piece(bytes_of(std::string_view(&byte, 1)));
    EXPECT_EQ(byte_by_byte.is_whole(), each.is_whole) << each.says;
    EXPECT_EQ(byte_by_byte.text(), each.name);
  }
}

TEST(OutboxName, ANameThatIsAFileMayStillGrow) {
  OutboxName name;
  EXPECT_FALSE(name.has_begun());
  name.handle_piece(bytes_of("a"));
  EXPECT_TRUE(name.has_begun());
  EXPECT_EQ(name.pause(true), match_pause);
  EXPECT_EQ(name.pause(false), name_pause);
  EXPECT_LT(name.pause(true), name.pause(false));
  EXPECT_FALSE(name.is_whole());
  name.handle_piece(bytes_of("b"));
  EXPECT_FALSE(name.is_whole());
  name.handle_pause();
  EXPECT_TRUE(name.is_whole());
  EXPECT_EQ(name.text(), "ab");
}

TEST(OutboxName, EndsWithThePeerAndAtTheLongestName) {
  OutboxName ended;
  ended.handle_piece(bytes_of("a"));
  ended.handle_fin();
  EXPECT_TRUE(ended.is_whole());
  OutboxName endless;
  endless.handle_piece(bytes_of(std::string(store::name_bytes_max, 'a')));
  EXPECT_FALSE(endless.is_whole());
  endless.handle_piece(bytes_of("a"));
  EXPECT_TRUE(endless.is_whole());
}

}  // namespace
}  // namespace yam::service
