#include "yam/service/tftp_client/tftp_errand.hpp"

#include <gtest/gtest.h>

#include "yam/store/temporary_folder_test.hpp"

namespace yam::service {
namespace {

std::vector<TftpUrl> urls(std::initializer_list<const char*> texts) {
  std::vector<TftpUrl> made;
  for (const char* text : texts)
    made.push_back(TftpUrl::parse(text).value());
  return made;
}

// "FILE FILE …", or what is wrong with it.
std::string downloads(std::initializer_list<const char*> texts, const std::string& output) {
  const auto errands = plan_downloads(urls(texts), output);
  if (!errands) return errands.error().what;
  std::string files;
  for (const TftpErrand& errand : *errands)
    files += (files.empty() ? "" : " ") + errand.file;
  return files;
}

// "URL URL …", or what is wrong with it.
std::string uploads(const std::vector<std::string>& files, const char* url) {
  const auto errands = plan_uploads(files, TftpUrl::parse(url).value());
  if (!errands) return errands.error().what;
  std::string texts;
  for (const TftpErrand& errand : *errands)
    texts += (texts.empty() ? "" : " ") + errand.url.to_string();
  return texts;
}

TEST(TftpErrand, SaysWhereDownloadsGo) {
  const store::TemporaryFolder folder;
  EXPECT_EQ(downloads({"tftp://h/a/x", "tftp://h/y"}, ""), "x y");
  EXPECT_EQ(downloads({"tftp://h/a/x"}, "z"), "z");
  EXPECT_EQ(downloads({"tftp://h/a/x", "tftp://h/y"}, "new/"), "new/x new/y");
  EXPECT_EQ(downloads({"tftp://h/a/x"}, folder.path()), folder.path("x"));
  EXPECT_EQ(downloads({"tftp://h/x", "tftp://i/x"}, "-"), "- -");
  EXPECT_EQ(downloads({"tftp://h/.."}, "z"), "z");
}

TEST(TftpErrand, RefusesDownloadsThatCannotBe) {
  EXPECT_EQ(downloads({"tftp://h/x", "tftp://h/y"}, "z"), "one file cannot be 2 downloads");
  EXPECT_EQ(downloads({"tftp://h/a/x", "tftp://i/x"}, ""),
            "tftp://h:69/a/x and tftp://i:69/x would both be \"x\"");
  EXPECT_EQ(downloads({"tftp://h/x", "tftp://h/x"}, "new/"),
            "tftp://h:69/x and tftp://h:69/x would both be \"new/x\"");
  EXPECT_EQ(downloads({"tftp://h/a/"}, "z"), "tftp://h:69/a/ names no file");
  EXPECT_EQ(downloads({"tftp://h/a/.."}, ""), "tftp://h:69/a/.. names no file");
}

TEST(TftpErrand, SaysWhatUploadsAreCalled) {
  EXPECT_EQ(uploads({"a/x"}, "tftp://h/z"), "tftp://h:69/z");
  EXPECT_EQ(uploads({"a/x", "y"}, "tftp://h/in/"), "tftp://h:69/in/x tftp://h:69/in/y");
  EXPECT_EQ(uploads({"x"}, "tftp://h"), "tftp://h:69/x");
  EXPECT_EQ(uploads({"-"}, "tftp://h/z"), "tftp://h:69/z");
}

TEST(TftpErrand, RefusesUploadsThatCannotBe) {
  EXPECT_EQ(uploads({"x", "y"}, "tftp://h/z"), "2 files cannot all be tftp://h:69/z");
  EXPECT_EQ(uploads({"-"}, "tftp://h/in/"), "stdin has no name");
  EXPECT_EQ(uploads({"a/x", "b/x"}, "tftp://h/in/"), "\"a/x\" and \"b/x\" would both be tftp://h:69/in/x");
  EXPECT_EQ(uploads({"a/"}, "tftp://h/in/"), "\"a/\" names no file");
}

}  // namespace
}  // namespace yam::service
