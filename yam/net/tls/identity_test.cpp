#include "yam/net/tls/identity.hpp"

#include <gtest/gtest.h>

#include "yam/net/tls/tls_certificate.hpp"
#include "yam/net/tls/tls_pair_test.hpp"

namespace yam::net {
namespace {

TEST(Identity, HoldsTheNamesItWasMadeFor) {
  const auto identity = Identity::generate({"host.example", "*.host.example", "10.0.0.1", "fe80::1"}, 1h);
  ASSERT_TRUE(identity);
  const auto chain = certificates_of(identity->certificate_pem, "it");
  const CertificateFacts facts = facts_of(*chain->front());
  EXPECT_EQ(facts.subject, "CN = host.example");
  EXPECT_EQ(facts.names, (std::vector<std::string>{"host.example", "*.host.example", "10.0.0.1", "fe80::1"}));
  EXPECT_TRUE(is_pin(facts.pin)) << facts.pin;
  EXPECT_EQ(pin_of(identity->certificate_pem).value(), facts.pin);
  EXPECT_NE(identity->key_pem.find("PRIVATE KEY"), std::string::npos);
}

TEST(Identity, IsNeverTheSameTwice) {
  EXPECT_NE(Identity::generate({"a"}, 1h)->certificate_pem, Identity::generate({"a"}, 1h)->certificate_pem);
}

TEST(Identity, ThisMachineIsLocalhost) {
  const auto names = Identity::local_names();
  EXPECT_EQ(names.front(), "localhost");
  EXPECT_EQ(names.back(), "::1");
  EXPECT_TRUE(Identity::generate(names, 1h));
}

TEST(Identity, RefusesNamesThatNoCertificateHolds) {
  EXPECT_EQ(Identity::generate({}, 1h).error(),
            (Error{Code::usage, "cannot make a certificate for no name", ""}));
  for (const std::string name : {"", "a,DNS:evil", "a b", "a\nb", "ü"}) {
    const auto made = Identity::generate({name}, 1h);
    ASSERT_FALSE(made) << name;
    EXPECT_EQ(made.error().code, Code::usage);
    EXPECT_TRUE(made.error().what.ends_with(": no DNS name or address")) << made.error().what;
  }
}

TEST(Identity, LoadsWhatBelongsTogether) {
  const Identity one = Identity::generate({"one"}, 1h).value();
  const Identity two = Identity::generate({"two"}, 1h).value();
  const TestFile certificate(one.certificate_pem), key(one.key_pem), other_key(two.key_pem),
      both(one.key_pem + one.certificate_pem), garbage("-----BEGIN CERTIFICATE-----\nAAAA\n"),
      encrypted("-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n");
  EXPECT_EQ(Identity::load(certificate.path(), key.path()).value(), one);
  EXPECT_TRUE(Identity::load(both.path(), ""));

  const std::string in_certificate = "the certificate in \"" + certificate.path() + "\"";
  const auto fault = [](const TestFile& a, const std::string& b) {
    return Identity::load(a.path(), b).error().what;
  };
  EXPECT_EQ(fault(certificate, other_key.path()),
            "the key in \"" + other_key.path() + "\" does not belong to " + in_certificate);
  EXPECT_EQ(fault(certificate, ""),
            "cannot read the key in \"" + certificate.path() + "\": no private key in it");
  EXPECT_EQ(fault(key, ""), "cannot read the certificate in \"" + key.path() + "\": no certificate in it");
  EXPECT_EQ(fault(garbage, key.path()),
            "cannot read the certificate in \"" + garbage.path() + "\": bad end line");
  EXPECT_EQ(fault(certificate, encrypted.path()),
            "cannot read the key in \"" + encrypted.path() + "\": it is encrypted");
  EXPECT_EQ(fault(certificate, "/nowhere"), "cannot read the key in \"/nowhere\": no such file or directory");
}

TEST(Pin, HasOneForm) {
  EXPECT_TRUE(is_pin("sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="));
  for (const char* text : {"", "sha256//", "sha1//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
                           "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                           "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB=",
                           "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA-A=",
                           "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=x"})
    EXPECT_FALSE(is_pin(text)) << text;
}

}  // namespace
}  // namespace yam::net
