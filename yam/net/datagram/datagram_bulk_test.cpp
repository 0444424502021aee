#include <sys/socket.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "yam/net/datagram/datagram_socket.hpp"
#include "yam/net/loop/scope.hpp"

namespace yam::net {
namespace {

using Socket = std::unique_ptr<DatagramSocket>;
using Texts = std::vector<std::string>;

constexpr int ample_buffer_bytes = 4 << 20;

class DatagramBulkTest : public testing::Test {
 protected:
  void open(bool gro) {
    const SocketAddress any = SocketAddress::of(IpPort{IpAddress::loopback(Family::v4), 0});
    server_ =
        DatagramSocket::bind(*loop_, any, {.gro = gro, .receive_buffer_bytes = ample_buffer_bytes}).value();
    client_ = DatagramSocket::connect(*loop_, server_->local_address(),
                                      {.gro = gro, .receive_buffer_bytes = ample_buffer_bytes})
                  .value();
  }

  std::unique_ptr<Loop> loop_ = Loop::open().value();
  Socket server_, client_;
};

Task<> echo(DatagramSocket* socket) {
  DatagramBatch batch;
  for (;;) {
    const auto got = co_await socket->receive(batch);
    EXPECT_TRUE(got.has_value());
    const auto sent = co_await socket->send_back(batch);
    EXPECT_EQ(sent.value(), batch.size());
  }
}

Task<Texts> receive_texts(DatagramSocket* socket, std::size_t count) {
  DatagramBatch batch;
  Texts texts;
  while (texts.size() < count) {
    const auto got = co_await socket->receive(batch);
    if (!got) co_return texts;
    for (const Datagram datagram : batch)
      texts.push_back(string_of(datagram.bytes));
  }
  co_return texts;
}

// Keeps `window` numbered datagrams under way until all `count` have come back.
Task<> converse(DatagramSocket* socket, std::size_t count, std::size_t window) {
  DatagramBatch batch;
  std::vector<bool> is_back(count);
  std::size_t sent = 0, back = 0;
  while (back < count) {
    for (; sent < count && sent - back < window; ++sent) {
      const std::string text = std::to_string(sent);
      const auto out = co_await socket->send(bytes_of(text));
      EXPECT_EQ(out.value(), 1u);
    }
    const auto got = co_await socket->receive(batch);
    EXPECT_TRUE(got.has_value());
    for (const Datagram datagram : batch) {
      const std::size_t number = std::stoul(string_of(datagram.bytes));
      EXPECT_FALSE(is_back.at(number));
      is_back[number] = true;
      ++back;
    }
  }
}

TEST_F(DatagramBulkTest, ThousandsComeBackInBatchesAndNoneIsLost) {
  open(false);
  Scope scope(*loop_);
  scope.spawn(echo(server_.get()));
  loop_->run(converse(client_.get(), 20'000, 150));
}

// Sent as header, payload, header, payload … and compared as texts.
struct RunCase {
  const char* name;
  std::size_t header_bytes, payload_bytes, datagrams, last_payload_bytes;
};

constexpr RunCase run_cases[] = {
    {"one, odd", 4, 512, 1, 17},
    {"TFTP's window of 16", 4, 512, 16, 512},
    {"an odd last one", 4, 1428, 16, 1},
    {"a last one that is only a header", 4, 1428, 8, 0},
    {"more than one call takes", 4, 1428, 150, 77},
    {"more datagrams than bytes matter", 1, 3, 1000, 2},
    {"two to a call", 4, 30'000, 7, 9},
    {"one to a call", 4, 60'000, 3, 60'000},
    {"longer than the loopback's packets take at once", 4, 65'503, 2, 1},
};

struct MadeRun {
  Texts expected;
  std::vector<std::string> parts;
  std::vector<ByteView> pieces;

  explicit MadeRun(const RunCase& c) {
    parts.reserve(2 * c.datagrams);
    for (std::size_t i = 0; i < c.datagrams; ++i) {
      const bool is_last = i + 1 == c.datagrams;
      parts.push_back(std::string(c.header_bytes, static_cast<char>('A' + i % 26)));
      parts.push_back(
          std::string(is_last ? c.last_payload_bytes : c.payload_bytes, static_cast<char>('a' + i % 26)));
      expected.push_back(parts[parts.size() - 2] + parts.back());
    }
    for (const std::string& part : parts)
      pieces.push_back(bytes_of(part));
  }
};

Task<> send_run(DatagramSocket* socket, const MadeRun* made, std::size_t datagram_bytes) {
  const auto sent = co_await socket->send_run(nullptr, made->pieces, datagram_bytes);
  EXPECT_EQ(sent.value(), made->expected.size());
}

TEST_F(DatagramBulkTest, ARunArrivesAsItsDatagramsWithAndWithoutGro) {
  for (const bool gro : {false, true}) {
    open(gro);
    for (const RunCase& c : run_cases) {
      SCOPED_TRACE(std::string(c.name) + (gro ? ", joined" : ", plain"));
      const MadeRun made(c);
      Scope scope(*loop_);
      scope.spawn(send_run(client_.get(), &made, c.header_bytes + c.payload_bytes));
      EXPECT_EQ(loop_->run(receive_texts(server_.get(), c.datagrams)), made.expected);
    }
  }
}

TEST_F(DatagramBulkTest, WhatTheKernelJoinedGoesBackAsItCame) {
  for (const bool gro : {false, true}) {
    open(gro);
    Scope scope(*loop_);
    scope.spawn(echo(server_.get()));
    for (const RunCase& c : run_cases) {
      SCOPED_TRACE(std::string(c.name) + (gro ? ", joined" : ", plain"));
      const MadeRun made(c);
      scope.spawn(send_run(client_.get(), &made, c.header_bytes + c.payload_bytes));
      EXPECT_EQ(loop_->run(receive_texts(client_.get(), c.datagrams)), made.expected);
    }
  }
}

// A socket that sends without checksums may not let the kernel cut (EINVAL), as an interface without them may
// not.
TEST_F(DatagramBulkTest, WhatTheKernelDoesNotCutGoesOneByOne) {
  open(true);
  const int on = 1;
  for (const Socket* socket : {&server_, &client_})
    ASSERT_EQ(::setsockopt((*socket)->fd(), SOL_SOCKET, SO_NO_CHECK, &on, sizeof on), 0);
  Scope scope(*loop_);
  scope.spawn(echo(server_.get()));
  for (const RunCase& c : run_cases) {
    SCOPED_TRACE(c.name);
    const MadeRun made(c);
    scope.spawn(send_run(client_.get(), &made, c.header_bytes + c.payload_bytes));
    EXPECT_EQ(loop_->run(receive_texts(client_.get(), c.datagrams)), made.expected);
  }
}

TEST_F(DatagramBulkTest, AnswersOfAnyLengthsKeepTheirOrderAndTheirPeers) {
  open(false);
  const Socket other = DatagramSocket::connect(*loop_, server_->local_address()).value();
  const std::size_t lengths[] = {5, 5, 5, 3, 5, 0, 0, 5, 9, 9, 2, 2, 30'000, 30'000, 30'000, 1};
  Texts expected;
  const auto send_one = [](DatagramSocket* s, std::string text) -> Task<> {
    co_await s->send(bytes_of(text));
  };
  for (const int turn : {1, 2, 3}) {
    for (const std::size_t length : lengths) {
      expected.push_back(std::string(length, static_cast<char>('a' + expected.size() % 26)));
      loop_->run(send_one(client_.get(), expected.back()));
      if (length % 2 == 0 || turn == 3) loop_->run(send_one(other.get(), expected.back()));
    }
  }
  Scope scope(*loop_);
  scope.spawn(echo(server_.get()));
  EXPECT_EQ(loop_->run(receive_texts(client_.get(), expected.size())), expected);
}

TEST_F(DatagramBulkTest, GroHandsOverManyInOneMessage) {
  open(true);
  const RunCase window{"", 4, 512, 16, 100};
  const MadeRun made(window);
  loop_->run(send_run(client_.get(), &made, 516));
  const auto once = [](DatagramSocket* s) -> Task<> {
    DatagramBatch batch(1);
    const auto got = co_await s->receive(batch);
    EXPECT_EQ(got.value(), 1u);
    EXPECT_EQ(batch.size(), 16u);
    EXPECT_EQ(batch.messages().front().segment_bytes, 516u);
    EXPECT_EQ(batch.messages().front().bytes.size(), 15 * 516u + 104);
  };
  loop_->run(once(server_.get()));
}

TEST_F(DatagramBulkTest, AUnixSocketSendsARunOneByOne) {
  const auto name = SocketAddress::of_unix("@yam_run_" + std::to_string(::getpid())).value();
  server_ = DatagramSocket::bind(*loop_, name).value();
  client_ = DatagramSocket::connect(*loop_, name).value();
  for (const RunCase& c : run_cases) {
    SCOPED_TRACE(c.name);
    const MadeRun made(c);
    Scope scope(*loop_);
    scope.spawn(send_run(client_.get(), &made, c.header_bytes + c.payload_bytes));
    EXPECT_EQ(loop_->run(receive_texts(server_.get(), c.datagrams)), made.expected);
  }
}

TEST_F(DatagramBulkTest, NoBytesAreOneEmptyDatagram) {
  open(false);
  const std::vector<ByteView> pieces(3);
  const auto send = [](DatagramSocket* s, const std::vector<ByteView>* p) -> Task<> {
    const auto sent = co_await s->send_run(nullptr, *p, 512);
    EXPECT_EQ(sent.value(), 1u);
  };
  loop_->run(send(client_.get(), &pieces));
  EXPECT_EQ(loop_->run(receive_texts(server_.get(), 1)), Texts{""});
}

TEST_F(DatagramBulkTest, ADatagramOfTooManyPiecesIsRefused) {
  open(false);
  const std::vector<ByteView> pieces(DatagramSocket::pieces_per_call_max + 1, bytes_of("x"));
  const auto send = [](DatagramSocket* s, const std::vector<ByteView>* p) -> Task<Error> {
    const auto sent = co_await s->send_run(nullptr, *p, p->size());
    co_return sent.error();
  };
  const Error refused = loop_->run(send(client_.get(), &pieces));
  EXPECT_EQ(refused, (Error{Code::usage, "a datagram of more than 256 pieces", ""}));
}

TEST_F(DatagramBulkTest, SocketsOfOneLoopMayShareABatch) {
  open(false);
  const auto serve = [](DatagramSocket* s, DatagramBatch* shared, std::size_t* answered) -> Task<> {
    for (;;) {
      const auto got = co_await s->receive(*shared);
      EXPECT_EQ(got.value(), 1u);
      const auto sent = co_await s->send_back(*shared);
      EXPECT_EQ(sent.value(), 1u);
      ++*answered;
    }
  };
  const auto ping = [](DatagramSocket* s, std::string text) -> Task<> {
    DatagramBatch batch(1);
    for (int i = 0; i < 100; ++i) {
      co_await s->send(bytes_of(text));
      co_await s->receive(batch);
      EXPECT_EQ(string_of((*batch.begin()).bytes), text);
    }
  };
  DatagramBatch shared;
  std::size_t answered = 0;
  const Socket other =
      DatagramSocket::bind(*loop_, SocketAddress::of(IpPort{IpAddress::loopback(Family::v4), 0})).value();
  const Socket other_client = DatagramSocket::connect(*loop_, other->local_address()).value();
  Scope servers(*loop_);
  servers.spawn(serve(server_.get(), &shared, &answered));
  servers.spawn(serve(other.get(), &shared, &answered));
  Scope clients(*loop_);
  clients.spawn(ping(client_.get(), "to the one"));
  clients.spawn(ping(other_client.get(), "to the other"));
  const auto wait = [](Scope* scope) -> Task<> { co_await scope->drained(); };
  loop_->run(wait(&clients));
  EXPECT_EQ(answered, 200u);
}

}  // namespace
}  // namespace yam::net
