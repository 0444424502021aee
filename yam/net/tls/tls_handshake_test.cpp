#include "yam/net/tls/tls_pair_test.hpp"

namespace yam::net {
namespace {

using TlsHandshakeTest = TlsPairTest;

TEST_F(TlsHandshakeTest, SaysWhatWasAgreed) {
  const TestFile ca(identity_.certificate_pem);
  client_options_.ca_file = ca.path();
  client_options_.alpn = {"h2", "irc"};
  server_options_.alpn = {"irc", "h2"};
  shake_hands();
  ASSERT_TRUE(client_) << client_.error().what;
  const TlsFacts facts = client().facts();
  EXPECT_EQ(facts.version, "TLSv1.3");
  EXPECT_EQ(facts.cipher, "TLS_AES_256_GCM_SHA384");
  EXPECT_EQ(facts.alpn, "irc");  // the server's first choice
  ASSERT_TRUE(facts.peer);
  EXPECT_EQ(facts.peer->subject, "CN = localhost");
  EXPECT_EQ(facts.peer->issuer, "CN = localhost");
  EXPECT_EQ(facts.peer->names, (std::vector<std::string>{"localhost", "127.0.0.1", "::1"}));
  EXPECT_EQ(facts.peer->expires.size(), 20u);
  EXPECT_EQ(facts.peer->pin, pin_of(identity_.certificate_pem).value());
  EXPECT_FALSE(server().facts().peer);
}

// Each name that the certificate holds, as a person may write it.
TEST_F(TlsHandshakeTest, KnowsThePeerByNameAndByAddress) {
  const TestFile ca(identity_.certificate_pem);
  client_options_.ca_file = ca.path();
  for (const char* host : {"localhost", "LOCALHOST", "127.0.0.1", "::1", "0:0:0:0:0:0:0:1", "::1%lo"}) {
    near_.reset();
    host_ = host;
    shake_hands();
    EXPECT_TRUE(client_) << host << ": " << client_.error().what;
  }
  near_.reset();
  host_ = "somewhere.example";
  client_options_.sni = "localhost";
  shake_hands();
  EXPECT_TRUE(client_);
}

TEST_F(TlsHandshakeTest, ARefusalIsOneClearLineOnBothSides) {
  const Identity other = Identity::generate({"localhost"}, 1h).value();
  const Identity expired = Identity::generate({"localhost"}, -30min).value();
  const TestFile own_ca(identity_.certificate_pem), other_ca(other.certificate_pem),
      expired_ca(expired.certificate_pem);
  const std::string pin = pin_of(identity_.certificate_pem).value();
  const std::string other_pin = pin_of(other.certificate_pem).value();
  const std::string trust_hint =
      "?ca=FILE trusts its authority, ?pin=" + pin + " this key, ?verify=none anyone";
  struct Row {
    const char* host;
    std::string ca_file, pin;
    Identity identity;
    std::string what, hint, server_what;
  };
  const std::string distrusts = "TLS handshake with the peer: it does not trust our certificate: ";
  const Row rows[] = {
      {"localhost", "", "", identity_, "certificate of localhost: self-signed certificate", trust_hint,
       distrusts + "unknown CA"},
      {"localhost", other_ca.path(), "", identity_, "certificate of localhost: self-signed certificate",
       trust_hint, distrusts + "unknown CA"},
      {"wrong.example", own_ca.path(), "", identity_,
       "certificate of wrong.example: it is for localhost, 127.0.0.1, ::1",
       "?sni=NAME asks for another name, ?pin=" + pin + " trusts this key, ?verify=none anyone",
       distrusts + "bad certificate"},
      {"192.0.2.1", own_ca.path(), "", identity_,
       "certificate of 192.0.2.1: it is for localhost, 127.0.0.1, ::1",
       "?sni=NAME asks for another name, ?pin=" + pin + " trusts this key, ?verify=none anyone",
       distrusts + "bad certificate"},
      {"localhost", "", other_pin, identity_, "certificate of localhost: its key is not the pinned one",
       "if this key is meant, say ?pin=" + pin, "TLS handshake with the peer: it refused: handshake failure"},
      {"wrong.example", own_ca.path(), pin, identity_,
       "certificate of wrong.example: it is for localhost, 127.0.0.1, ::1",
       "?sni=NAME asks for another name, ?pin=" + pin + " trusts this key, ?verify=none anyone",
       distrusts + "bad certificate"},
  };
  for (const Row& row : rows) {
    near_.reset();
    host_ = row.host;
    client_options_.ca_file = row.ca_file;
    client_options_.pins.clear();
    if (!row.pin.empty()) client_options_.pins = {row.pin};
    server_options_.identity = row.identity;
    shake_hands();
    ASSERT_FALSE(client_) << row.what;
    EXPECT_EQ(client_.error(), (Error{Code::identity, row.what, row.hint}));
    ASSERT_FALSE(server_) << row.what;
    EXPECT_EQ(server_.error(), (Error{Code::identity, row.server_what, ""}));
  }
  near_.reset();
  host_ = "localhost";
  client_options_.ca_file = expired_ca.path();
  client_options_.pins.clear();
  server_options_.identity = expired;
  shake_hands();
  ASSERT_FALSE(client_);
  EXPECT_TRUE(client_.error().what.starts_with("certificate of localhost: expired at 20"))
      << client_.error().what;
  EXPECT_EQ(server_.error().what, distrusts + "certificate expired");
}

TEST_F(TlsHandshakeTest, APinAloneIsEnoughAndVerifyNoneAsksForNothing) {
  host_ = "wrong.example";
  client_options_.pins = {pin_of(Identity::generate({"x"}, 1h)->certificate_pem).value(),
                          pin_of(identity_.certificate_pem).value()};
  shake_hands();
  EXPECT_TRUE(client_);
  near_.reset();
  client_options_.pins.clear();
  client_options_.verify = false;
  shake_hands();
  EXPECT_TRUE(client_);
}

TEST_F(TlsHandshakeTest, VerifyNoneStillAsksForThePin) {
  client_options_.verify = false;
  client_options_.pins = {pin_of(Identity::generate({"x"}, 1h)->certificate_pem).value()};
  shake_hands();
  ASSERT_FALSE(client_);
  EXPECT_EQ(client_.error().what, "certificate of localhost: its key is not the pinned one");
}

// In TLS 1.3 the client's handshake is over before the server has seen its certificate.
TEST_F(TlsHandshakeTest, DemandsAClientCertificate) {
  const Identity welcome = Identity::generate({"alice"}, 1h).value();
  const Identity stranger = Identity::generate({"mallory"}, 1h).value();
  const TestFile clients(welcome.certificate_pem);
  server_options_.client_ca_file = clients.path();
  client_options_.identity = welcome;
  shake_hands_well();
  EXPECT_EQ(server().facts().peer->subject, "CN = alice");

  struct Row {
    Identity identity;
    const char *server_what, *client_what;
  };
  const Row rows[] = {
      {Identity(), "TLS handshake with the peer: it showed no certificate, and one is demanded",
       "TLS with localhost: it demands a certificate of ours"},
      {stranger, "certificate of the peer: self-signed certificate",
       "TLS with localhost: it does not trust our certificate: unknown CA"},
  };
  for (const Row& row : rows) {
    near_.reset();
    client_options_.identity = row.identity;
    shake_hands();
    ASSERT_FALSE(server_);
    EXPECT_EQ(server_.error().code, Code::identity);
    EXPECT_EQ(server_.error().what, row.server_what);
    ASSERT_TRUE(client_);
    Error fault;
    loop_->run(read_to_end(&client(), &fault));
    EXPECT_EQ(fault.code, Code::identity);
    EXPECT_EQ(fault.what, row.client_what);
  }
}

TEST_F(TlsHandshakeTest, AServerMayPinItsClients) {
  client_options_.identity = Identity::generate({"alice"}, 1h).value();
  server_options_.pins = {pin_of(client_options_.identity.certificate_pem).value()};
  shake_hands_well();
  near_.reset();
  client_options_.identity = identity_;
  shake_hands();
  ASSERT_FALSE(server_);
  EXPECT_EQ(server_.error().what, "certificate of the peer: its key is not the pinned one");
}

TEST_F(TlsHandshakeTest, ProtocolsAreAgreedOnOrRefused) {
  struct Row {
    std::vector<std::string> ours, theirs;
    std::optional<std::string> agreed;
  };
  const Row rows[] = {
      {{"a", "b"}, {"b", "a"}, "b"}, {{"a"}, {}, ""}, {{}, {"a"}, ""}, {{"a"}, {"b"}, std::nullopt}};
  for (const Row& row : rows) {
    near_.reset();
    client_options_.alpn = row.ours;
    server_options_.alpn = row.theirs;
    client_options_.verify = false;
    shake_hands();
    ASSERT_EQ(client_.has_value(), row.agreed.has_value());
    if (row.agreed) {
      EXPECT_EQ(client().facts().alpn, *row.agreed);
      EXPECT_EQ(server().facts().alpn, *row.agreed);
    } else {
      EXPECT_EQ(client_.error().what, "TLS handshake with localhost: it speaks no protocol that we offer");
      EXPECT_EQ(server_.error().what, "TLS handshake with the peer: it offers no protocol that we speak");
    }
  }
}

// One of ours against a peer that only says `words` and then leaves, or stays.
TEST_F(TlsHandshakeTest, WhatIsNotTlsIsSaidSo) {
  struct Row {
    std::string words;
    const char *client_what, *server_what;
  };
  const Row rows[] = {
      {"SSH-2.0-OpenSSH_9.2\r\n", "what came is not TLS", "what came is not TLS"},
      {"HTTP/1.1 400 Bad Request\r\n\r\n", "what came is not TLS", "what came is not TLS"},
      {"GET / HTTP/1.1\r\n\r\n", "what came is not TLS", "what came is not TLS"},
      {std::string(40, '\0'), "what came is not TLS", "what came is not TLS"},
      {"hi", "the peer hung up", "the peer hung up"},
      {"", "the peer hung up", "the peer hung up"},
  };
  for (const Row& row : rows) {
    connect_carriers();
    ASSERT_EQ(::write(far_fd_, row.words.data(), row.words.size()), static_cast<ssize_t>(row.words.size()));
    ::shutdown(far_fd_, SHUT_WR);
    const auto client =
        loop_->run(TlsStream::connect(*loop_, std::move(near_), client_options_, host_, never));
    ASSERT_FALSE(client);
    EXPECT_EQ(client.error().code, Code::identity);
    EXPECT_EQ(client.error().what, std::string("TLS handshake with localhost: ") + row.client_what)
        << row.words;

    connect_carriers();
    server_options_.identity = identity_;
    const auto context = TlsContext::open(Side::listening, server_options_).value();
    ASSERT_EQ(::write(far_fd_, row.words.data(), row.words.size()), static_cast<ssize_t>(row.words.size()));
    ::shutdown(far_fd_, SHUT_WR);
    const auto server = loop_->run(TlsStream::accept(*loop_, std::move(near_), context, never));
    ASSERT_FALSE(server);
    EXPECT_EQ(server.error().code, Code::identity);
    EXPECT_EQ(server.error().what, std::string("TLS handshake with the peer: ") + row.server_what)
        << row.words;
  }
}

TEST_F(TlsHandshakeTest, ASilentPeerIsLeftAtTheDeadline) {
  connect_carriers();
  const Time soon = loop_->now() + 1ms;
  const auto client = loop_->run(TlsStream::connect(*loop_, std::move(near_), client_options_, host_, soon));
  ASSERT_FALSE(client);
  EXPECT_EQ(client.error(), (Error{Code::timeout, "TLS handshake with localhost: time ran out", ""}));
}

TEST_F(TlsHandshakeTest, AContextThatCannotBeMadeSaysWhy) {
  TlsOptions bare;
  EXPECT_EQ(
      TlsContext::open(Side::listening, bare).error(),
      (Error{Code::usage, "cannot serve TLS without a certificate", "cert=FILE and key=FILE name ours"}));
  TlsOptions missing;
  missing.ca_file = "/nowhere/ca.pem";
  EXPECT_EQ(TlsContext::open(Side::calling, missing).error(),
            (Error{Code::local,
                   "cannot read the authorities in \"/nowhere/ca.pem\": no such file or directory", ""}));
  const TestFile empty("");
  TlsOptions none;
  none.ca_file = empty.path();
  EXPECT_EQ(TlsContext::open(Side::calling, none).error().what,
            "cannot read the authorities in \"" + empty.path() + "\": no certificate in it");
}

}  // namespace
}  // namespace yam::net
