#include "yam/net/tls/tls_options.hpp"

#include <gtest/gtest.h>

namespace yam::net {
namespace {

constexpr const char* pin_a = "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
constexpr const char* pin_b = "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE=";

Result<TlsOptions> options_of(const std::string& text, Side side) {
  const auto endpoint = Endpoint::parse(text, side);
  EXPECT_TRUE(endpoint) << endpoint.error().what;
  return TlsOptions::from(*endpoint);
}

TEST(TlsOptions, VerifiesUnlessTold) {
  EXPECT_TRUE(options_of("tls://h:1", Side::calling)->verify);
  EXPECT_TRUE(options_of("tls://h:1?verify=peer", Side::calling)->verify);
  EXPECT_FALSE(options_of("tls://h:1?verify=none", Side::calling)->verify);
}

TEST(TlsOptions, ReadsWhatAnEndpointSays) {
  const auto caller =
      options_of(std::string("tls://h:1?sni=n&alpn=h2,http/1.1&ca=c&cert=t&key=k&pin=") + pin_a + ";" + pin_b,
                 Side::calling);
  ASSERT_TRUE(caller) << caller.error().what;
  EXPECT_EQ(caller->sni, "n");
  EXPECT_EQ(caller->alpn, (std::vector<std::string>{"h2", "http/1.1"}));
  EXPECT_EQ(caller->ca_file, "c");
  EXPECT_EQ(caller->cert_file, "t");
  EXPECT_EQ(caller->key_file, "k");
  EXPECT_EQ(caller->pins, (std::vector<std::string>{pin_a, pin_b}));
  EXPECT_EQ(options_of("tls://:1?client-ca=c", Side::listening)->client_ca_file, "c");
}

TEST(TlsOptions, RefusesWhatMakesNoSense) {
  struct Row {
    const char* text;
    Side side;
    const char* what;
  };
  const Row rows[] = {
      {"tls://h:1?alpn=h2,,x", Side::calling, "option alpn: \"\" is no protocol name"},
      {"tls://h:1?alpn=1,2,3,4,5,6,7,8,9,a,b,c,d,e,f,g,h", Side::calling,
       "option alpn: more than 16 protocols"},
      {"tls://h:1?pin=sha256//x", Side::calling, "option pin: \"sha256//x\" is no pin"},
      {"tls://h:1?key=k", Side::calling, "option key needs cert: a key without its certificate says nothing"},
      {"tls://h:1?verify=none&ca=c", Side::calling, "options verify=none and ca contradict each other"},
      {"tls://:1?verify=none&client-ca=c", Side::listening,
       "options verify=none and client-ca contradict each other"},
      {"tls://:1?verify=peer", Side::listening, "option verify=peer: whose clients may come in?"},
  };
  for (const Row& row : rows) {
    const auto options = options_of(row.text, row.side);
    ASSERT_FALSE(options) << row.text;
    EXPECT_EQ(options.error().code, Code::usage);
    EXPECT_EQ(options.error().what, row.what);
  }
}

}  // namespace
}  // namespace yam::net
