#include "yam/service/http_send/send_items.hpp"

#include <sys/stat.h>

#include <gtest/gtest.h>

#include "yam/store/temporary_folder_test.hpp"

namespace yam::service {

namespace {

class SendItemsTest : public testing::Test {
 protected:
  SendItemsTest() {
    folder_.put("a.txt", "hello");
    folder_.make_folder("d/sub");
    folder_.put("d/b", "12");
    folder_.put("d/sub/c", "345");
  }
  Result<SendItems> open(std::vector<std::string> names, const std::string& name = "") const {
    for (std::string& each : names)
      each = folder_.path(each);
    return open_send_items(names, name);
  }
  std::string fault(const std::vector<std::string>& names, const std::string& name = "") const {
    const auto sent = open(names, name);
    return sent ? "" : sent.error().what;
  }

  store::TemporaryFolder folder_;
};

TEST_F(SendItemsTest, AreFilesAndFoldersWithWhatIsInThem) {
  const auto sent = open({"a.txt", "d/"});
  ASSERT_TRUE(sent) << sent.error().what;
  ASSERT_EQ(sent->items.size(), 2U);
  EXPECT_EQ(sent->items[0].name, "a.txt");
  EXPECT_EQ(sent->items[0].bytes, 5U);
  EXPECT_EQ(sent->items[1].kind, SendItem::Kind::folder);
  EXPECT_EQ(sent->items[1].name, "d");
  EXPECT_EQ(sent->items[1].files, (std::vector<std::string>{"b", "sub/c"}));
  EXPECT_EQ(sent->items[1].bytes, 5U);
}

TEST_F(SendItemsTest, AreCalledAsTheyWereTyped) {
  EXPECT_EQ(open({"d/sub/.."})->items[0].name, "d");
  EXPECT_EQ(open({"d/sub/."})->items[0].name, "sub");
  folder_.link("other", "a.txt");
  const auto linked = open({"other"});
  EXPECT_EQ(linked->items[0].name, "other");
  EXPECT_TRUE(linked->items[0].root->open_file(linked->items[0].inner));
  EXPECT_EQ(open({"a.txt"}, "文 件")->items[0].name, "文 件");
}

TEST_F(SendItemsTest, LinksInFoldersLeadNowhereElse) {
  folder_.link("d/out", folder_.path("a.txt"));
  folder_.link("d/in", "b");
  folder_.link("d/round", ".");
  const auto sent = open({"d"});
  EXPECT_EQ(sent->items[0].files, (std::vector<std::string>{"b", "in", "sub/c"}));
  EXPECT_FALSE(sent->items[0].root->open_file("out"));
}

TEST_F(SendItemsTest, SaysWhatCannotBeSent) {
  EXPECT_EQ(fault({"none"}), "cannot send \"" + folder_.path("none") + "\": no such file or directory");
  ASSERT_EQ(::mkfifo(folder_.path("pipe").c_str(), 0600), 0);
  EXPECT_EQ(fault({"pipe"}),
            "cannot send \"" + folder_.path("pipe") + "\": it is neither a file nor a folder");
  folder_.put("half.part", "");
  EXPECT_NE(fault({"half.part"}), "");
  folder_.make_folder(".yam");
  EXPECT_EQ(fault({".yam"}), "the name \".yam\" means something else here");
}

TEST_F(SendItemsTest, RefusesOneNameForTwo) {
  folder_.make_folder("e");
  folder_.put("e/b", "");
  EXPECT_EQ(fault({"d/b", "e/b"}), "two of them are called \"b\"");
  EXPECT_EQ(fault({"a.txt", "a.txt"}), "two of them are called \"a.txt\"");
}

TEST_F(SendItemsTest, ANameIsForOneAndOnePart) {
  EXPECT_EQ(fault({"a.txt", "d"}, "x"), "--name is for one file or folder");
  EXPECT_EQ(fault({"a.txt"}, "x/y"), "file name \"x/y\": it has a '/'");
  EXPECT_NE(fault({"a.txt"}, ".."), "");
  EXPECT_NE(fault({"a.txt"}, "two\nlines"), "");
}

TEST_F(SendItemsTest, StdinGoesAlone) {
  const auto sent = open_send_items({"-"}, "x.tar");
  ASSERT_TRUE(sent);
  EXPECT_EQ(sent->items[0].kind, SendItem::Kind::stream);
  EXPECT_EQ(sent->items[0].name, "x.tar");
  EXPECT_EQ(open_send_items({"-"}, "")->items[0].name, "stdin");
  EXPECT_EQ(open_send_items({"-", folder_.path("a.txt")}, "").error().what,
            "stdin cannot be sent together with files");
}

}  // namespace

}  // namespace yam::service
