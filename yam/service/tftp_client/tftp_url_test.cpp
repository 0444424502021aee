#include "yam/service/tftp_client/tftp_url.hpp"

#include <gtest/gtest.h>

namespace yam::service {
namespace {

using proto::tftp::Mode;

TEST(TftpUrl, SaysWhomToAskForWhat) {
  struct Row {
    std::string_view text;
    TftpUrl url;
    std::string_view local;  // empty: none
  };
  const Row table[] = {
      {"tftp://h/a", {"h", 69, "a", Mode::octet}, "a"},
      {"TFTP://[::1]:6969/boot/a%20b.img", {"::1", 6969, "boot/a b.img", Mode::octet}, "a b.img"},
      {"tftp://h//abs/olute", {"h", 69, "/abs/olute", Mode::octet}, "olute"},
      {"tftp:///x", {"", 69, "x", Mode::octet}, "x"},
      {"tftp://h/文", {"h", 69, "文", Mode::octet}, "文"},
      {"tftp://h/a;mode=netascii", {"h", 69, "a", Mode::netascii, true}, "a"},
      {"tftp://h/a;MODE=octet", {"h", 69, "a;MODE=octet", Mode::octet}, "a;MODE=octet"},
      {"tftp://h/a;mode=OCTET", {"h", 69, "a", Mode::octet, true}, "a"},
      {"tftp://h/a%0A%1bb",
       {"h", 69,
        "a\n\x1b"
        "b",
        Mode::octet},
       "a__b"},
      {"tftp://h", {"h", 69, "", Mode::octet}, ""},
      {"tftp://h/", {"h", 69, "", Mode::octet}, ""},
      {"tftp://h/sub/", {"h", 69, "sub/", Mode::octet}, ""},
      {"tftp://h/a/..", {"h", 69, "a/..", Mode::octet}, ""},
      {"tftp://h/%2e%2e%2fetc%2fpasswd", {"h", 69, "../etc/passwd", Mode::octet}, "passwd"},
  };
  for (const Row& row : table) {
    const auto url = TftpUrl::parse(row.text);
    ASSERT_TRUE(url) << row.text << ": " << url.error().what;
    EXPECT_EQ(*url, row.url) << row.text;
    EXPECT_EQ(url->local_name().value_or(""), row.local) << row.text;
  }
}

TEST(TftpUrl, RefusesWhatCannotBeMeant) {
  struct Row {
    std::string_view text;
    std::string_view what;
    std::string_view hint;
  };
  const Row table[] = {
      {"http://h/a", "http://h/a: no scheme \"http\" here at column 1", "known are tftp://"},
      {"tfpt://h/a", "tfpt://h/a: no scheme \"tfpt\" here at column 1", "did you mean tftp://?"},
      {"tftp://h:0/a", "tftp://h:0/a: port 0 cannot be called", ""},
      {"tftp://h/a?b", "tftp://h/a?b: a TFTP name has no options", "write %3F for '?' and %23 for '#'"},
      {"tftp://h/a#b", "tftp://h/a#b: a TFTP name has no options", "write %3F for '?' and %23 for '#'"},
      {"tftp://h/a;mode=mail", "tftp://h/a;mode=mail: the modes are netascii and octet", ""},
  };
  for (const Row& row : table) {
    const auto url = TftpUrl::parse(row.text);
    ASSERT_FALSE(url) << row.text;
    EXPECT_EQ(url.error().code, Code::usage);
    EXPECT_EQ(url.error().what, row.what);
    EXPECT_EQ(url.error().hint, row.hint);
  }
  EXPECT_EQ(TftpUrl::parse("tftp://[::1]/sub/")->local_name().error().what,
            "tftp://[::1]:69/sub/ names no file");
}

}  // namespace
}  // namespace yam::service
