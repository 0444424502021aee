#include "yam/service/broadcast.hpp"

#include <csignal>
#include <sys/socket.h>

#include <gtest/gtest.h>

#include "yam/net/fd_stream.hpp"

namespace yam::service {
namespace {

using net::FdStream;
using net::Task;

// Members of one line, each with a person at the far end.
class BroadcastTest : public testing::Test {
 protected:
  struct Seat {
    std::unique_ptr<FdStream> person, stream;
    Broadcast::Voice voice;
    std::optional<Broadcast::Outcome> outcome;
  };

  BroadcastTest() { ::signal(SIGPIPE, SIG_IGN); }

  Seat& sit(Broadcast& line, bool is_local = false, Broadcast::Voice voice = {},
            Duration idle = Duration(-1)) {
    int ends[2];
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends), 0);
    Seat& seat = seats_.emplace_back();
    seat.person = FdStream::over_socket(*loop_, net::Fd(ends[0])).value();
    seat.stream = FdStream::over_socket(*loop_, net::Fd(ends[1])).value();
    seat.voice = voice;
    tasks_.spawn(take_part(&line, &seat, is_local, idle));
    return seat;
  }

  void says(Seat& seat, std::string text) {
    loop_->run([](Seat* at, std::string words) -> Task<> {
      const auto said = co_await at->person->write(bytes_of(words));
      EXPECT_TRUE(said.has_value());
    }(&seat, std::move(text)));
  }
  // Exactly these words, in however many pieces.
  void hears(Seat& seat, std::string wanted) {
    const std::string heard = loop_->run([](Seat* at, std::size_t size) -> Task<std::string> {
      Bytes all(size);
      std::size_t have = 0;
      while (have < size) {
        const auto count = co_await at->person->read(ByteSpan(all).subspan(have));
        if (!count || *count == 0) break;
        have += *count;
      }
      co_return string_of(ByteView(all).first(have));
    }(&seat, wanted.size()));
    EXPECT_EQ(heard, wanted);
  }
  void hears_nothing(Seat& seat) {
    std::byte none{};
    EXPECT_FALSE(seat.person->try_read({&none, 1}).has_value());
  }
  void has_left(Seat& seat) {
    loop_->run([](net::Loop* loop, Seat* at) -> Task<> {
      while (!at->outcome)
        co_await loop->sleep_for(std::chrono::microseconds(100));
    }(loop_.get(), &seat));
  }
  void pauses(Duration span) {
    loop_->run([](net::Loop* loop, Duration d) -> Task<> { co_await loop->sleep_for(d); }(loop_.get(), span));
  }
  static Task<> listens(Seat* seat) {
    Bytes buffer(65536);
    for (bool is_open = true; is_open;) {
      const auto count = co_await seat->person->read(buffer);
      is_open = count && *count > 0;
    }
  }
  static Task<> speaks(Seat* seat, std::string words) {
    const auto said = co_await seat->person->write(bytes_of(words));
    EXPECT_TRUE(said.has_value());
  }
  void ends(Seat& seat) { EXPECT_TRUE(seat.person->try_finish()->has_value()); }

  std::unique_ptr<net::Loop> loop_ = net::Loop::open().value();
  std::list<Broadcast> lines_;
  std::list<Seat> seats_;
  net::Scope tasks_{*loop_};

 private:
  static Task<> take_part(Broadcast* line, Seat* seat, bool is_local, Duration idle) {
    seat->outcome = co_await line->join(*seat->stream, is_local, idle, seat->voice);
    seat->stream.reset();
  }
};

TEST_F(BroadcastTest, PeersHearEachOtherOrOnlyUs) {
  for (const bool each_other : {true, false}) {
    Broadcast& line = lines_.emplace_back(*loop_, each_other);
    Seat& us = sit(line, true);
    Seat& a = sit(line);
    Seat& b = sit(line);
    says(a, "from a");
    hears(us, "from a");
    says(us, "from us");
    hears(b, each_other ? "from afrom us" : "from us");
    hears(a, "from us");
    loop_->run(line.tell_local("news"));
    hears(us, "news");
    hears_nothing(a);
    tasks_.cancel();
    EXPECT_EQ(line.size(), 0u);
  }
}

TEST_F(BroadcastTest, AMemberThatEndsHearsWhatWasSaidAndOurSideStays) {
  Broadcast& line = lines_.emplace_back(*loop_, true);
  Seat& us = sit(line, true);
  Seat& a = sit(line);
  ends(us);
  says(a, "still heard");
  hears(us, "still heard");
  ends(a);
  has_left(a);
  EXPECT_FALSE(a.outcome->fault);
  EXPECT_EQ(a.outcome->received, 11u);
  EXPECT_EQ(line.size(), 1u);
}

TEST_F(BroadcastTest, OurSideGetsLinesAndPeersGetWholeFrames) {
  Broadcast& line = lines_.emplace_back(*loop_, true);
  const auto kind = wire::parse_frame_kind("u8").value();
  const auto saying = wire::frames_whole(kind);
  const auto unframing = wire::frames_to_lines(kind);
  const auto view = wire::change_line_ends("!");
  Broadcast::Voice voice;
  voice.saying = saying.get();
  voice.unframing = unframing.get();
  voice.view = view.get();
  Seat& us = sit(line, true);
  Seat& a = sit(line, false, voice);
  Seat& b = sit(line);
  says(a, "\3one\3t");
  hears(us, "one!");
  hears(b, "\3one");
  hears_nothing(b);
  says(a, "wo");
  hears(b, "\3two");
  hears(us, "two!");
  says(a, "\3x");
  ends(a);
  has_left(a);
  EXPECT_EQ(a.outcome->fault->what, "the stream ended inside a u8 frame, 2 bytes into it");
}

TEST_F(BroadcastTest, AMemberThatTakesNothingIsLetGoAndTheOthersGoOn) {
  Broadcast::Limits limits;
  limits.backlog_bytes = 1000;
  limits.stall = std::chrono::milliseconds(5);
  Broadcast& line = lines_.emplace_back(*loop_, true, limits);
  Seat& a = sit(line);
  Seat& deaf = sit(line);
  Seat& c = sit(line);
  const std::string block(50'000, 'x');
  for (int i = 0; i < 40; ++i) {
    says(a, block);
    hears(c, block);
  }
  has_left(deaf);
  EXPECT_EQ(deaf.outcome->fault->what, "took nothing for 5ms");
  EXPECT_FALSE(a.outcome || c.outcome);
}

TEST_F(BroadcastTest, AMemberWhoTakesALittleAtATimeIsNotStalled) {
  for (const bool has_ended : {false, true}) {
    SCOPED_TRACE(has_ended ? "said its last" : "others wait for it");
    Broadcast::Limits limits;
    limits.backlog_bytes = has_ended ? 100'000'000 : 1000;
    limits.stall = std::chrono::milliseconds(500);
    Broadcast& line = lines_.emplace_back(*loop_, true, limits);
    Seat& slow = sit(line);
    pauses(std::chrono::milliseconds(550));  // as long as there is nothing to take, none is overdue
    constexpr std::size_t speakers = 20, words = 200'000;
    net::Scope crowd(*loop_);
    for (std::size_t i = 0; i < speakers; ++i) {
      Seat& speaker = sit(line);
      crowd.spawn(listens(&speaker));
      crowd.spawn(speaks(&speaker, std::string(words, 'x')));
    }
    if (has_ended) ends(slow);
    std::size_t heard = 0;  // 4 MB in steps of 64 KiB: twice as long as the limit
    while (heard < speakers * words) {
      Bytes buffer(65536);
      const auto count = slow.person->try_read(buffer);
      if (count && (!*count || **count == 0)) break;
      heard += count ? **count : 0;
      pauses(std::chrono::milliseconds(20));
    }
    EXPECT_EQ(heard, speakers * words);
    crowd.cancel();
    tasks_.cancel();
  }
}

TEST_F(BroadcastTest, AMemberThatSaidItsLastAndTakesNothingIsLetGo) {
  Broadcast::Limits limits;
  limits.stall = std::chrono::milliseconds(5);
  Broadcast& line = lines_.emplace_back(*loop_, true, limits);
  Seat& deaf = sit(line);
  Seat& a = sit(line);
  says(a, std::string(500'000, 'x'));
  ends(deaf);
  has_left(deaf);
  EXPECT_EQ(deaf.outcome->fault->what, "took nothing for 5ms");
}

TEST_F(BroadcastTest, NewsWaitForRoomOnOurSide) {
  Broadcast::Limits limits;
  limits.backlog_bytes = 1000;
  Broadcast& line = lines_.emplace_back(*loop_, true, limits);
  Seat& us = sit(line, true);
  constexpr int all = 5000;
  int told = 0;
  tasks_.spawn([](Broadcast* to, int* count) -> Task<> {
    while (*count < all) {
      co_await to->tell_local(std::string(1000, 'x'));
      ++*count;
    }
  }(&line, &told));
  pauses(std::chrono::milliseconds(5));
  EXPECT_LT(told, all);
  hears(us, std::string(all * 1000, 'x'));
  EXPECT_EQ(told, all);
}

TEST_F(BroadcastTest, SilenceEndsAMemberAndAVanishedOneLeaves) {
  Broadcast& line = lines_.emplace_back(*loop_, true);
  Seat& silent = sit(line, false, {}, std::chrono::milliseconds(5));
  has_left(silent);
  EXPECT_EQ(silent.outcome->fault->what, "nothing moved for 5ms");
  Seat& us = sit(line, true);
  Seat& a = sit(line);
  us.person.reset();  // our own side's reader has left
  says(a, "unheard");
  has_left(us);
  EXPECT_TRUE(us.outcome->fault.has_value());
}

}  // namespace
}  // namespace yam::service
