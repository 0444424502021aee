#include "yam/service/http_get/listing.hpp"

#include <string>

#include <gtest/gtest.h>

namespace yam::service {
namespace {

const HttpUrl page = *HttpUrl::parse("http://a:81/b/c/");

std::string shown(const Result<Listing>& listing) {
  if (!listing) return listing.error().what;
  std::string text;
  for (const ListingEntry& entry : listing->entries) {
    for (const std::string& name : entry.names)
      text += name + (&name == &entry.names.back() ? "" : ">");
    text += entry.is_folder() ? "/" : "";
    if (entry.size_bytes) text += "=" + std::to_string(*entry.size_bytes);
    EXPECT_TRUE(entry.url.to_string().starts_with("http://a:81/b/c/")) << entry.url.to_string();
    text += " ";
  }
  if (listing->left_out > 0) text += "-" + std::to_string(listing->left_out);
  return text;
}
std::string json(const std::string& text) {
  return shown(parse_json_listing(page, text));
}
std::string html(const std::string& text) {
  return shown(parse_html_listing(page, text));
}

TEST(Listing, IsReadFromJson) {
  EXPECT_EQ(json(R"([{"name":"a.txt","type":"file","mtime":"x","size":12},{"name":"d","type":"directory"}])"),
            "a.txt=12 d/ ");
  EXPECT_EQ(json("[]"), "");
  EXPECT_EQ(json(R"([{"name":"空 ?#%2e/x","type":"file"}])"), "空 ?#%2e_x ");
  EXPECT_EQ(parse_json_listing(page, R"([{"name":"a ?","type":"file"}])")->entries[0].url.path,
            "/b/c/a%20%3F");
  EXPECT_EQ(
      json(R"([{"name":"..","type":"directory"},{"name":"x","type":"other"},{"name":"","type":"file"}])"),
      "-3");
  EXPECT_EQ(json(R"([{"name":"../../etc","type":"directory"}])"), ".._.._etc/ ");
  EXPECT_EQ(json(R"([{"name":"a","type":"file"},{"name":"a","type":"file"}])"), "a ");
  EXPECT_EQ(json(R"([{"name":"a.part","type":"file"}])"), "-1");
  EXPECT_EQ(json("{}"), "http://a:81/b/c/ is no listing: its JSON is no array");
  EXPECT_EQ(json("["), "http://a:81/b/c/ is no listing: its JSON is no array");
  EXPECT_EQ(json("[1]"), "http://a:81/b/c/ is no listing: an entry has no name or type");
  EXPECT_EQ(json(R"([{"name":1,"type":"file"}])"),
            "http://a:81/b/c/ is no listing: an entry has no name or type");
}

TEST(Listing, IsReadFromLinks) {
  EXPECT_EQ(html(R"(<pre><a href="../">../</a><a href="x.txt">x</a> <A class=y HREF='sub/'>s</A></pre>)"),
            "x.txt sub/ ");
  EXPECT_EQ(html("<a href=/b/c/y><a href=http://a:81/b/c/z#f><a href=//a:81/b/c/w>"), "y z w ");
  EXPECT_EQ(html("<a href=/b/d><a href=http://a/b/c/z><a href=https://a:81/b/c/z><a href=?C=N><a href=x?y>"),
            "");
  EXPECT_EQ(html("<a href=..><a href=.><a href=./><a href=../c/q><a href=%2e%2e/%2e%2e/q>"), "q ");
  EXPECT_EQ(html("<a href='sub/../../../x'><a href='sub/deep/x'>"), "sub>deep>x ");
  EXPECT_EQ(html("<a href=\"a&amp;b\"><a href='a&#39;b'><a href=a%20b><a href=\"a&#x41;b\"><a href='%00'>"),
            "a&b a'b a b aAb ");
  EXPECT_EQ(
      html("<a href=mailto:x><a href=javascript:x><abbr href=x><a name=x><a href><a href=><link href=q>"),
      "");
  EXPECT_EQ(html("<a href=x><a href=x>"), "x ");
  EXPECT_EQ(html("<a href='x"), "x ");
  EXPECT_EQ(html("<a"), "");
  EXPECT_EQ(html("<a =x href=y>"), "y ");
}

}  // namespace
}  // namespace yam::service
