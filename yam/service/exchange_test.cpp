#include "yam/service/exchange.hpp"

#include <csignal>
#include <sys/socket.h>

#include <gtest/gtest.h>

#include "yam/net/datagram/datagram_peers.hpp"
#include "yam/net/fd_stream.hpp"
#include "yam/net/loop/scope.hpp"

namespace yam::service {
namespace {

using net::FdStream;
using net::Task;
using How = ExchangeEnd::How;
using FaultAt = ExchangeEnd::FaultAt;

// A person and somebody remote, each at the far end of one of the two streams that the exchange joins.
class Stage {
 public:
  Stage() {
    ::signal(SIGPIPE, SIG_IGN);
    join(person, local);
    join(remote, peer);
  }

  // Runs the exchange while the script is played: p the person says "hi" and the remote hears it, r the
  // remote says "yo!" and is heard, P and R say no more, X the remote is gone without having read what the
  // person still says, E the remote's end is heard by the person, e the person's by the remote, n it is not.
  ExchangeEnd play(std::string script) {
    std::optional<ExchangeEnd> end;
    loop->run(both(this, std::move(script), &end));
    return end.value_or(ExchangeEnd());
  }

  std::unique_ptr<net::Loop> loop = net::Loop::open().value();
  std::unique_ptr<FdStream> person, local, peer, remote;
  ExchangeRules rules;
  std::unique_ptr<wire::Converter> outgoing, incoming;

 private:
  void join(std::unique_ptr<FdStream>& one, std::unique_ptr<FdStream>& other) const {
    int ends[2];
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends), 0);
    one = FdStream::over_socket(*loop, net::Fd(ends[0])).value();
    other = FdStream::over_socket(*loop, net::Fd(ends[1])).value();
  }

  static Task<> both(Stage* stage, std::string script, std::optional<ExchangeEnd>* end) {
    net::Scope acting(*stage->loop);
    acting.spawn(act(stage, std::move(script)));
    *end = co_await exchange(*stage->loop, *stage->local, *stage->peer, stage->rules, stage->outgoing.get(),
                             stage->incoming.get());
  }

  static Task<> act(Stage* stage, std::string script) {
    for (const char step : script) {
      if (step == 'p') co_await say(stage->person.get(), stage->remote.get(), "hi");
      if (step == 'r') co_await say(stage->remote.get(), stage->person.get(), "yo!");
      if (step == 'P') co_await stage->person->finish();
      if (step == 'R') co_await stage->remote->finish();
      if (step == 'E') co_await hear(stage->person.get(), "");
      if (step == 'e') co_await hear(stage->remote.get(), "");
      if (step == 'X') {
        const auto said = co_await stage->person->write(bytes_of("unheard"));
        EXPECT_TRUE(said.has_value());
      }
      for (int turn = 0; turn < 8; ++turn)
        co_await stage->loop->yield();
      if (step == 'X') stage->remote.reset();
      std::byte none{};
      if (step == 'n') {
        EXPECT_FALSE(stage->remote->try_read({&none, 1}).has_value()) << "it was told";
      }
    }
  }

  static Task<> say(FdStream* from, FdStream* to, std::string text) {
    const auto said = co_await from->write(bytes_of(text));
    EXPECT_TRUE(said.has_value());
    co_await hear(to, text);
  }

  static Task<> hear(FdStream* at, std::string wanted) {
    Bytes piece(100);
    const auto count = co_await at->read(piece);
    EXPECT_EQ(text_of(ByteView(piece).first(count.value_or(0))), wanted);
  }
};

struct Case {
  const char* name;
  OnEof on_eof;
  const char* script;
  How how;
  const char* words;
  std::uint64_t sent, received;
  bool ends_with_local = false;
  bool ends_with_peer = false;
};

class Ending : public testing::TestWithParam<Case> {};

TEST_P(Ending, FollowsTheRules) {
  const Case& each = GetParam();
  Stage stage;
  stage.rules.on_eof = each.on_eof;
  stage.rules.ends_with_local = each.ends_with_local;
  stage.rules.ends_with_peer = each.ends_with_peer;
  const ExchangeEnd end = stage.play(each.script);
  EXPECT_EQ(end.how, each.how);
  EXPECT_EQ(end.words(), each.words);
  EXPECT_EQ(end.sent, each.sent);
  EXPECT_EQ(end.received, each.received);
}

constexpr const char* we_first = "both sides closed, we first";
constexpr const char* peer_first = "both sides closed, the peer first";
INSTANTIATE_TEST_SUITE_P(
    Cases, Ending,
    testing::Values(
        Case{"we_first", OnEof::half_close, "prPeR", How::both_ended, we_first, 2, 3},
        Case{"peer_first", OnEof::half_close, "prREP", How::both_ended, peer_first, 2, 3},
        Case{"heard_after_our_end", OnEof::half_close, "PerrrR", How::both_ended, we_first, 0, 9},
        Case{"heard_after_its_end", OnEof::half_close, "REpppP", How::both_ended, peer_first, 6, 0},
        Case{"our_end_closes", OnEof::close, "prP", How::local_ended, "we closed", 2, 3},
        Case{"its_end_closes", OnEof::close, "rpR", How::peer_ended, "the peer closed", 2, 3},
        Case{"our_end_is_kept", OnEof::stay, "pPnrnR", How::both_ended, we_first, 2, 3},
        Case{"its_end_is_kept", OnEof::stay, "rRpP", How::both_ended, peer_first, 2, 3},
        Case{"a_program_ends_it", OnEof::half_close, "prP", How::local_ended, "we closed", 2, 3, true},
        Case{"even_when_it_would_stay", OnEof::stay, "pP", How::local_ended, "we closed", 2, 0, true},
        Case{"a_program_hears_the_end", OnEof::half_close, "REP", How::both_ended, peer_first, 0, 0, true},
        Case{"a_person_is_told", OnEof::half_close, "pR", How::peer_ended, "the peer closed", 2, 0, false,
             true}),
    [](const auto& each) { return std::string(each.param.name); });

TEST(Exchange, APeerThatVanishesIsItsFault) {
  Stage stage;
  const ExchangeEnd end = stage.play("prX");
  EXPECT_EQ(end.how, How::failed);
  EXPECT_EQ(end.fault_at, FaultAt::peer);
  EXPECT_EQ(end.words(), "cannot read: connection reset by peer");
  EXPECT_EQ(end.received, 3u);
}

TEST(Exchange, APlaceThatTakesNothingIsOurs) {
  for (const bool has_view : {false, true}) {
    Stage stage;
    const auto view = wire::change_line_ends("\n");
    if (has_view) stage.rules.view = view.get();
    stage.person.reset();
    const auto talk = [](Stage* at) -> Task<ExchangeEnd> {
      at->rules.on_eof = OnEof::stay;
      const auto said = co_await at->remote->write(bytes_of("lost\n"));
      EXPECT_TRUE(said.has_value());
      co_return co_await exchange(*at->loop, *at->local, *at->peer, at->rules, nullptr, nullptr);
    };
    const ExchangeEnd end = stage.loop->run(talk(&stage));
    EXPECT_EQ(end.how, How::failed);
    EXPECT_EQ(end.fault_at, FaultAt::local_out);
    EXPECT_EQ(end.words(), "cannot write: broken pipe");
  }
}

TEST(Exchange, FallsSilent) {
  Stage stage;
  stage.rules.idle = std::chrono::milliseconds(5);
  const ExchangeEnd end = stage.play("pr");
  EXPECT_EQ(end.how, How::fell_silent);
  EXPECT_EQ(end.words(), "nothing moved for 5ms");
  EXPECT_EQ(end.fault->code, Code::timeout);
}

TEST(Exchange, EndsWithTheWordOfEitherSide) {
  for (const char* script : {"p", "r"}) {
    Stage stage;
    stage.rules.until = *script == 'p' ? "hi" : "yo!";
    const ExchangeEnd end = stage.play(script);
    EXPECT_EQ(end.how, How::word_said);
    EXPECT_EQ(end.sent + end.received, *script == 'p' ? 2u : 3u);
  }
}

TEST(Exchange, EndsWithTheFirstMessage) {
  Stage stage;
  stage.rules.single_message = true;
  stage.incoming = wire::change_line_ends("");
  const auto remote_says = [](Stage* at) -> Task<ExchangeEnd> {
    const auto said = co_await at->remote->write(bytes_of("one\n"));
    EXPECT_TRUE(said.has_value());
    co_return co_await exchange(*at->loop, *at->local, *at->peer, at->rules, nullptr, at->incoming.get());
  };
  const ExchangeEnd end = stage.loop->run(remote_says(&stage));
  EXPECT_EQ(end.how, How::message_came);
  EXPECT_EQ(end.received, 4u);
}

TEST(Exchange, HearsTheWordInsideAFrameAndBeforeTheView) {
  Stage stage;
  const auto view = wire::change_line_ends("<shown>");
  stage.rules.view = view.get();
  stage.rules.until = "bye";
  stage.incoming = wire::frames_to_lines(wire::parse_frame_kind("u8").value());
  const auto talk = [](Stage* at) -> Task<ExchangeEnd> {
    const auto said = co_await at->remote->write(bytes_of("\4byes\3bye"));
    EXPECT_TRUE(said.has_value());
    co_return co_await exchange(*at->loop, *at->local, *at->peer, at->rules, nullptr, at->incoming.get());
  };
  const ExchangeEnd end = stage.loop->run(talk(&stage));
  EXPECT_EQ(end.how, How::word_said);
  Bytes heard(100);
  const auto count = stage.person->try_read(heard);
  EXPECT_EQ(text_of(ByteView(heard).first(count.value().value())), "byes<shown>bye<shown>");
}

// Datagram peers never say that they are done; an empty datagram is no end.
TEST(Exchange, DatagramsEndInSilence) {
  Stage stage;
  const auto any = net::SocketAddress::of(IpPort::parse("127.0.0.1:0").value());
  auto server = net::DatagramSocket::bind(*stage.loop, any).value();
  const net::DatagramOptions options;
  auto called = net::DatagramPeers::connect(*stage.loop, server->local_address(), options).value();
  const auto stream = called->called();
  const auto talk = [](Stage* at, net::DatagramSocket* far, net::Stream* peer) -> Task<ExchangeEnd> {
    const ByteView empty;
    const auto nothing = co_await peer->write(empty);
    EXPECT_TRUE(nothing.has_value());
    net::DatagramBatch batch;
    const auto came = co_await far->receive(batch);
    EXPECT_EQ(came.value_or(9), 1u);
    for (const net::Datagram datagram : batch) {
      EXPECT_EQ(datagram.bytes.size(), 0u);
      for (const std::string_view text : {"", "answer"}) {
        const auto sent = co_await far->send_to(datagram.sender, bytes_of(text));
        EXPECT_TRUE(sent.has_value());
      }
    }
    co_await at->person->finish();
    co_return co_await exchange(*at->loop, *at->local, *peer, at->rules, nullptr, nullptr);
  };
  const ExchangeEnd end = stage.loop->run(talk(&stage, server.get(), stream.get()));
  EXPECT_EQ(end.how, How::local_ended);
  EXPECT_EQ(end.received, 6u);
}

// A sender of datagrams who came to us leaves by falling silent, and has left soon after our own end.
TEST(Exchange, ASenderWhoCameToUsLeavesInSilence) {
  struct Row {
    bool we_end;
    Duration idle;
    bool silence_is_an_end;
    How how;
    const char* words;
  };
  constexpr Duration short_while = std::chrono::milliseconds(5);
  constexpr Duration for_ever = std::chrono::hours(1);
  const Row rows[] = {
      {true, for_ever, true, How::local_ended, "we closed"},
      {true, short_while, true, How::fell_silent, "the peer fell silent"},
      {false, short_while, true, How::fell_silent, "the peer fell silent"},
      {true, short_while, false, How::fell_silent, "nothing moved for 5ms"},  // we called, and wait so long
  };
  for (const Row& row : rows) {
    Stage stage;
    const auto any = net::SocketAddress::of(IpPort::parse("127.0.0.1:0").value());
    const net::DatagramOptions options;
    auto far = net::DatagramSocket::bind(*stage.loop, any).value();
    auto called = net::DatagramPeers::connect(*stage.loop, far->local_address(), options).value();
    const auto peer = called->called();
    stage.rules.idle = row.idle;
    stage.rules.silence_is_an_end = row.silence_is_an_end;
    const auto talk = [](Stage* at, net::Stream* sender, bool we_end) -> Task<ExchangeEnd> {
      if (we_end) co_await at->person->finish();
      co_return co_await exchange(*at->loop, *at->local, *sender, at->rules, nullptr, nullptr);
    };
    const ExchangeEnd end = stage.loop->run(talk(&stage, peer.get(), row.we_end));
    EXPECT_EQ(end.how, row.how) << row.words;
    EXPECT_EQ(end.words(), row.words);
    EXPECT_EQ(end.fault.has_value(), !row.silence_is_an_end) << row.words;
  }
}

}  // namespace
}  // namespace yam::service
