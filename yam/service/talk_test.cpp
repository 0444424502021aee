#include "yam/service/talk.hpp"

#include <sys/socket.h>

#include <gtest/gtest.h>

#include "yam/net/fd_stream.hpp"

namespace yam::service {
namespace {

using net::Task;
using Texts = std::vector<std::string>;

// ---- Over a stream ----

// A line whose reads give exactly what was written at once (SOCK_SEQPACKET).
struct Line {
  Line() {
    int ends[2];
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends), 0);
    near = net::FdStream::over_socket(*loop, net::Fd(ends[0])).value();
    far = net::FdStream::over_socket(*loop, net::Fd(ends[1])).value();
  }

  std::unique_ptr<net::Loop> loop = net::Loop::open().value();
  std::unique_ptr<net::FdStream> near, far;
};

Task<> say_all(Line* line, Texts pieces) {
  for (const std::string& piece : pieces) {
    const auto written = co_await line->far->write(bytes_of(piece));
    EXPECT_TRUE(written.has_value());
  }
  co_await line->far->finish();
}

Task<Texts> hear_all(Line* line) {
  StreamTalk talk(*line->near);
  Texts heard;
  for (;;) {
    auto message = co_await talk.hear();
    if (!message || !*message) co_return heard;
    heard.push_back((*message)->text);
  }
}

TEST(StreamTalk, KeepsCharactersWhole) {
  struct Case {
    Texts pieces;
    Texts heard;
  };
  for (const Case& each : {
           Case{{}, {}},
           Case{{"hello", "你好"}, {"hello", "你好"}},
           Case{{"a\xe9", "\xa9\xbf", "z"}, {"a", "驿", "z"}},
           Case{{"\xe9", "\xa9", "\xbf"}, {"驿"}},
           Case{{"\xf0\x9f", "\x8e\x89!"}, {"🎉!"}},
           Case{{"cut\xe9\xa9"}, {"cut", "\xe9\xa9"}},        // no byte is lost at the end
           Case{{"\xff\xfe", "\xc0"}, {"\xff\xfe", "\xc0"}},  // nor are those that are not UTF-8
           Case{{"\xe9", "A"},
                {"\xe9"
                 "A"}},
       }) {
    Line line;
    line.loop->run(say_all(&line, each.pieces));
    EXPECT_EQ(line.loop->run(hear_all(&line)), each.heard);
  }
}

Task<Texts> say_to_far(Line* line, Texts texts) {
  StreamTalk talk(*line->near);
  for (const std::string& text : texts) {
    const auto said = co_await talk.say(text);
    EXPECT_TRUE(said.has_value());
  }
  co_await talk.finish();
  Texts arrived;
  Bytes buffer(100);
  for (;;) {
    const auto count = co_await line->far->read(buffer);
    if (!count || *count == 0) co_return arrived;
    arrived.push_back(string_of(ByteView(buffer).first(*count)));
  }
}

TEST(StreamTalk, SaysEachMessageWithOneWriteAndNothingElse) {
  Line line;
  const Texts texts{"bye", "", "再见"};
  const Texts arrived{"bye", "再见"};
  EXPECT_EQ(line.loop->run(say_to_far(&line, texts)), arrived);
}

// ---- Over UDP ----

class DatagramTalkTest : public testing::Test {
 protected:
  using Heard = Result<std::optional<TalkMessage>>;

  std::unique_ptr<DatagramTalk> somebody() {
    return DatagramTalk::open(*loop_, IpPort{IpAddress::loopback(Family::v4), 0}).value();
  }
  Result<void> say(DatagramTalk& from, const DatagramTalk& to, std::string text) {
    from.speak_to(to.local_place());
    return loop_->run(from.say(std::move(text)));
  }
  TalkMessage hear(DatagramTalk& at) {
    Heard heard = loop_->run(at.hear());
    return heard.value().value();
  }

  std::unique_ptr<net::Loop> loop_ = net::Loop::open().value();
};

TEST_F(DatagramTalkTest, AnswersTheFirstWhoWrites) {
  const auto host = somebody();
  const auto first = somebody();
  const auto second = somebody();
  const auto refused = loop_->run(host->say("too early"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().what, "there is nobody to send this to yet");

  ASSERT_TRUE(say(*first, *host, "你好"));
  ASSERT_TRUE(say(*second, *host, ""));
  const TalkMessage one = hear(*host);
  EXPECT_EQ(one.text, "你好");
  EXPECT_EQ(one.from, first->local_place());
  EXPECT_EQ(hear(*host).text, "");
  EXPECT_EQ(host->partner(), first->local_place());
  EXPECT_EQ(host->heard(), (std::vector{first->local_place(), second->local_place()}));

  ASSERT_TRUE(loop_->run(host->say("回答")));
  EXPECT_EQ(hear(*first).text, "回答");
  ASSERT_TRUE(say(*first, *host, "again"));
  hear(*host);
  EXPECT_EQ(host->heard().back(), first->local_place());
}

TEST_F(DatagramTalkTest, RemembersOnlySoManyPeople) {
  const auto host = somebody();
  std::vector<decltype(somebody())> guests;  // who leaves may leave the next one the same port
  for (std::size_t i = 0; i <= DatagramTalk::heard_max; ++i) {
    guests.push_back(somebody());
    ASSERT_TRUE(say(*guests.back(), *host, "hi"));
    hear(*host);
  }
  EXPECT_EQ(host->heard().size(), DatagramTalk::heard_max);
  EXPECT_EQ(host->heard().back(), guests.back()->local_place());
}

TEST_F(DatagramTalkTest, SpeaksToIPv4FromEveryAddress) {
  const auto everywhere = DatagramTalk::open(*loop_, IpPort{IpAddress::any(Family::v6), 0});
  ASSERT_TRUE(everywhere) << everywhere.error().what;
  const auto host = somebody();
  ASSERT_TRUE(say(**everywhere, *host, "through the mapped address"));
  const TalkMessage heard = hear(*host);
  EXPECT_EQ(heard.text, "through the mapped address");
  EXPECT_TRUE(heard.from->address.is_v4());
}

}  // namespace
}  // namespace yam::service
