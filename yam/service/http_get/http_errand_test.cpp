#include "yam/service/http_get/http_errand.hpp"

#include <gtest/gtest.h>

#include "yam/store/temporary_folder_test.hpp"

namespace yam::service {
namespace {

std::string planned(const std::vector<std::string>& texts, const std::string& output,
                    bool named_by_server = false) {
  std::vector<HttpUrl> urls;
  for (const std::string& text : texts)
    urls.push_back(*HttpUrl::parse(text));
  const auto errands = plan_http_downloads(urls, output, named_by_server);
  if (!errands) return errands.error().what;
  std::string files;
  for (const HttpErrand& errand : *errands)
    files += errand.file + ";";
  return files;
}

TEST(HttpErrand, GivesEachUrlAFile) {
  const store::TemporaryFolder folder;
  EXPECT_EQ(planned({"http://a/x", "http://a/y/"}, ""), "x;index.html;");
  EXPECT_EQ(planned({"http://a/x"}, "z"), "z;");
  EXPECT_EQ(planned({"http://a/x"}, "z/"), "z/x;");
  EXPECT_EQ(planned({"http://a/x"}, folder.path()), folder.path() + "/x;");
  EXPECT_EQ(planned({"http://a/x", "http://a/x"}, "-"), "-;-;");
  EXPECT_EQ(planned({"http://a/x"}, "", true), ";");
  EXPECT_EQ(planned({"http://a/x", "http://a/x"}, "z/", true), "z/;z/;");
  EXPECT_EQ(planned({"http://a/x"}, "-", true), "-O lets the server name the file, -o FILE does not");
  EXPECT_EQ(planned({"http://a/x", "http://b/x"}, ""), "http://a/x and http://b/x would both be \"x\"");
  EXPECT_EQ(planned({"http://a/x", "http://b/y"}, "z"), "one file cannot be 2 downloads");
}

}  // namespace
}  // namespace yam::service
