#include "yam/service/http_client/basic_credentials.hpp"

#include <sys/stat.h>

#include <gtest/gtest.h>

#include "yam/store/temporary_folder_test.hpp"

namespace yam::service {
namespace {

TEST(BasicCredentials, AreEncoded) {
  EXPECT_EQ((BasicCredentials{"Aladdin", "open sesame"}.authorization()),
            "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");  // RFC 7617 §2
  EXPECT_EQ((BasicCredentials{"test", "123£"}.authorization()), "Basic dGVzdDoxMjPCow==");
  EXPECT_EQ((BasicCredentials{"a", "b"}.authorization()), "Basic YTpi");
  EXPECT_EQ((BasicCredentials{"", ""}.authorization()), "Basic Og==");
}

std::string found(std::string_view text, std::string_view host) {
  const auto netrc = Netrc::parse(text);
  if (!netrc) return netrc.error().what;
  const auto credentials = netrc->find(host);
  return credentials ? credentials->name + "/" + credentials->password : "none";
}

TEST(Netrc, GivesTheFirstThatFits) {
  const std::string_view text =
      "# a comment\nmachine a login x password \"p w\\\"d\"\n"
      "machine b\n\tlogin y\n\tpassword #q\n macdef init\ncd /\nmachine c\n\nmachine a login z password z\n";
  EXPECT_EQ(found(text, "a"), "x/p w\"d");
  EXPECT_EQ(found(text, "b"), "y/#q");
  EXPECT_EQ(found(text, "c"), "none");
  EXPECT_EQ(found("default login d password e", "z"), "d/e");
  EXPECT_EQ(found("machine a account k login l password m", "a"), "l/m");
  EXPECT_EQ(found("machine a password m", "a"), "none");
  EXPECT_EQ(found("", "a"), "none");
  EXPECT_EQ(found("login x", "a"), ".netrc: login stands before any machine");
  EXPECT_EQ(found("machine a secret x", "a"),
            ".netrc: there is a word that is none of machine, default, login, password");
  EXPECT_EQ(found("machine a login", "a"), ".netrc: nothing stands behind the last word");
}

TEST(Netrc, IsForItsOwnersEyes) {
  const store::TemporaryFolder folder;
  folder.put("netrc", "machine a login b password c");
  ::chmod(folder.path("netrc").c_str(), 0644);
  EXPECT_NE(Netrc::load(folder.path("netrc")).error().what.find("others may read"), std::string::npos);
  ::chmod(folder.path("netrc").c_str(), 0600);
  EXPECT_EQ(Netrc::load(folder.path("netrc"))->find("a")->password, "c");
  EXPECT_EQ(Netrc::load(folder.path("none")).error().code, Code::local);
}

}  // namespace
}  // namespace yam::service
