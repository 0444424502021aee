#include "yam/service/http_put/put_errand.hpp"

#include <array>
#include <sys/stat.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "yam/service/http_put/put_source.hpp"
#include "yam/service/http_put/put_tree.hpp"
#include "yam/store/temporary_folder_test.hpp"

namespace yam::service {
namespace {

HttpUrl url_of(std::string_view text) {
  return *HttpUrl::parse(text);
}

// "FILE > PATH" of each, and the folders that are made before.
std::string planned(const std::vector<std::string>& files, std::string_view url) {
  const auto plan = plan_http_uploads(files, url_of(url));
  if (!plan) return plan.error().what;
  std::string text = plan->into.path + ":";
  for (const HttpUrl& folder : plan->folders)
    text += " " + folder.path;
  for (const PutErrand& errand : plan->errands)
    text += " | " + errand.name + " > " + errand.url.target();
  return text;
}

TEST(PutErrand, NamesWhatGoesThere) {
  const store::TemporaryFolder here;
  here.put("a b.txt", "1");
  here.make_folder("d/e/f");
  here.put("d/2#?", "2");
  here.put("d/e/x", "3");
  const std::string a = here.path("a b.txt"), d = here.path("d");
  EXPECT_EQ(planned({a}, "http://h/x/"), "/x/: | a b.txt > /x/a%20b.txt");
  EXPECT_EQ(planned({a}, "http://h/x/%62%20c?k=1"), "/x/%62%20c: | b c > /x/%62%20c?k=1");
  EXPECT_EQ(planned({"-"}, "http://h/x"), "/x: | x > /x");
  EXPECT_EQ(planned({d}, "http://h/"), "/: /d/ /d/e/ /d/e/f/ | d/2#? > /d/2%23%3F | d/e/x > /d/e/x");
  EXPECT_EQ(planned({d + "//"}, "http://h/"), planned({d}, "http://h/"));
  EXPECT_EQ(planned({d + "/."}, "http://h/n/"), "/n/: /n/e/ /n/e/f/ | 2#? > /n/2%23%3F | e/x > /n/e/x");
  EXPECT_EQ(planned({d}, "http://h/n"), "/n/: /n/ /n/e/ /n/e/f/ | 2#? > /n/2%23%3F | e/x > /n/e/x");
  EXPECT_EQ(planned({a, d}, "http://h/"),
            "/: /d/ /d/e/ /d/e/f/ | a b.txt > /a%20b.txt | d/2#? > /d/2%23%3F"
            " | d/e/x > /d/e/x");
}

TEST(PutErrand, RefusesWhatCannotEndWell) {
  const store::TemporaryFolder here;
  here.put("a", "");
  here.make_folder("d");
  here.put("d/a", "");
  EXPECT_EQ(planned({"-"}, "http://h/"), "stdin has no name");
  EXPECT_EQ(planned({here.path("a"), here.path("d/a")}, "http://h/x"), "2 files cannot all be http://h/x");
  EXPECT_TRUE(planned({here.path("a"), here.path("d/a")}, "http://h/").ends_with("would both be http://h/a"));
  EXPECT_TRUE(planned({here.path("b")}, "http://h/").ends_with("no such file or directory"));
}

TEST(PutTree, NeverLeadsOut) {
  const store::TemporaryFolder here;
  here.make_folder("t/d");
  here.put("outside", "secret");
  here.put("t/d/a", "12345");
  here.link("t/file", "d/a");
  here.link("t/out", "../outside");
  here.link("t/absolute", here.path("outside"));
  here.link("t/folder", "d");
  here.link("t/nowhere", "nothing");
  ASSERT_EQ(::mkfifo(here.path("t/pipe").c_str(), 0600), 0);
  const auto plan = plan_http_uploads(std::array{here.path("t")}, url_of("http://h/"));
  ASSERT_TRUE(plan);
  ASSERT_EQ(plan->errands.size(), 2U);
  EXPECT_EQ(plan->errands[0].name, "t/file");
  EXPECT_EQ(plan->errands[0].size_bytes, 5U);
  EXPECT_EQ(plan->errands[1].name, "t/d/a");
  EXPECT_EQ(plan->left_out, 5U);
  // What was swapped for a link since then is not read either.
  ASSERT_EQ(::unlink(here.path("t/d/a").c_str()), 0);
  here.link("t/d/a", "../../outside");
  const auto loop = net::Loop::open();
  EXPECT_FALSE(PutSource::open(**loop, plan->errands[1]));
}

TEST(PutSource, SeesThatAFileChanged) {
  const store::TemporaryFolder here;
  here.put("a", "12345");
  const auto plan = plan_http_uploads(std::array{here.path("a")}, url_of("http://h/"));
  const auto loop = net::Loop::open();
  const auto source = PutSource::open(**loop, plan->errands[0]);
  ASSERT_TRUE(source);
  EXPECT_TRUE((*source)->check_unchanged());
  Bytes bytes(3);
  EXPECT_TRUE((*source)->read(bytes, 2));
  EXPECT_EQ(text_of(bytes), "345");
  here.put("a", "1");
  EXPECT_FALSE((*source)->check_unchanged());
  EXPECT_EQ((*source)->read(bytes, 2).error().code, Code::local);
}

}  // namespace
}  // namespace yam::service
