#include "yam/service/http_client/http_connection.hpp"

#include <array>
#include <fcntl.h>
#include <memory>
#include <string>
#include <sys/socket.h>
#include <vector>

#include <gtest/gtest.h>

#include "yam/net/fd_stream.hpp"
#include "yam/net/loop/scope.hpp"
#include "yam/net/stdio.hpp"
#include "yam/store/temporary_folder_test.hpp"

namespace yam::service {
namespace {

using net::Task;

constexpr Duration silence = std::chrono::seconds(5);

// A connection to a server that is played by the test: what it says is written down beforehand.
class Played {
 public:
  Played() : loop(std::move(*net::Loop::open())) {
    int ends[2];
    ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends);
    net::Connection connection;
    connection.peer = "played";
    connection.stream = std::move(*net::FdStream::over_socket(*loop, net::Fd(ends[0])));
    server = std::move(*net::FdStream::over_socket(*loop, net::Fd(ends[1])));
    client = std::make_unique<HttpConnection>(*loop, std::move(connection), HttpOrigin{false, "a", 80},
                                              silence, nullptr);
  }

  // Says it, and ends if told so.
  void say(std::string_view text, bool ends = false) { loop->run(saying(*server, text, ends)); }
  // What the server has got, which is all there by now.
  std::string heard() { return loop->run(hearing(*server)); }
  // Lets the loop see what has come.
  void turn() { loop->run(turning(*loop)); }
  void ask(const proto::http::Ask& ask) { EXPECT_TRUE(client->write_request(ask)); }
  template <class T>
  T run(Task<T> task) {
    return loop->run(std::move(task));
  }
  // The whole content of the next answer, or why there is none.
  std::string answer() {
    const auto head = run(client->receive_head());
    if (!head) return head.error().what;
    std::string text = std::to_string(client->head().status()) + " ";
    for (;;) {
      const auto piece = run(client->receive(3));
      if (!piece) return text + piece.error().what;
      if (piece->empty()) return text;
      EXPECT_LE(piece->size(), 3U);
      text += text_of(*piece);
    }
  }

  std::unique_ptr<net::Loop> loop;
  std::unique_ptr<net::FdStream> server;
  std::unique_ptr<HttpConnection> client;

 private:
  static Task<std::string> hearing(net::Stream& stream) {
    std::array<std::byte, 4096> bytes{};
    const auto came = co_await stream.read(bytes, after(Clock::now(), silence));
    co_return came ? string_of(ByteView(bytes).first(*came)) : came.error().what;
  }
  static Task<bool> turning(net::Loop& turned) {
    for (int i = 0; i < 3; ++i)
      co_await turned.yield();
    co_return true;
  }
  static Task<bool> saying(net::Stream& stream, std::string_view text, bool ends) {
    const auto written = co_await stream.write(bytes_of(text));
    if (ends) co_await stream.finish();
    co_return written.has_value();
  }
};

const proto::http::Ask get = {.target = "/x", .host = "a"};

TEST(HttpConnection, AsksAndIsAnswered) {
  Played played;
  played.ask(get);
  played.ask(get);
  EXPECT_TRUE(played.run(played.client->send()));
  EXPECT_EQ(played.heard(), "GET /x HTTP/1.1\r\nHost: a\r\n\r\nGET /x HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_FALSE(played.client->is_reusable());
  played.say(
      "HTTP/1.1 100 Go\r\n\r\nHTTP/1.1 200 OK\r\nX: y\r\nContent-Length: 7\r\n\r\nabcdefg"
      "HTTP/1.1 404 No\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n");
  EXPECT_EQ(played.answer(), "200 abcdefg");
  EXPECT_EQ(played.client->head().fields().find("x"), "y");
  EXPECT_EQ(played.client->head().text(), "HTTP/1.1 200 OK\r\nX: y\r\nContent-Length: 7\r\n\r\n");
  EXPECT_FALSE(played.client->is_reusable());
  EXPECT_EQ(played.answer(), "404 hi");
  EXPECT_TRUE(played.client->is_reusable());
  played.say("HTTP/1.1 200 Unasked\r\n\r\n");
  played.turn();
  EXPECT_FALSE(played.client->is_reusable());
}

TEST(HttpConnection, SaysWhatWentWrong) {
  const struct {
    std::string said, answer;
  } cases[] = {
      {"", "http://a: a connection that ends before its answer"},
      {"HTTP/1.1 200 OK\r\nContent-Le", "http://a: a connection that ends before its answer"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc", "200 abchttp://a: a body that is cut off"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc",
       "200 abchttp://a: a body that is cut off"},
      {"HTTP/1.0 200 OK\r\n\r\nabc", "200 abc"},
  };
  for (const auto& [said, answer] : cases) {
    Played played;
    played.ask(get);
    EXPECT_TRUE(played.run(played.client->send()));
    played.say(said, true);
    EXPECT_EQ(played.answer(), answer);
    EXPECT_FALSE(played.client->is_reusable());
  }
}

TEST(HttpConnection, SendsContent) {
  const store::TemporaryFolder folder;
  folder.put("file", "from a file");
  Played played;
  played.ask({.method = "PUT", .target = "/", .host = "a", .body = proto::http::Body::chunked});
  EXPECT_TRUE(played.run(played.client->send(bytes_of("hello"))));
  auto file = net::open_file(*played.loop, folder.path("file"), net::FileUse::read);
  EXPECT_TRUE(played.run(played.client->send_from(**file, 11)));
  EXPECT_TRUE(played.run(played.client->finish_request()));
  EXPECT_EQ(played.heard(),
            "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
            "5\r\nhello\r\nb\r\nfrom a file\r\n0\r\n\r\n");
  played.say("HTTP/1.1 201 Made\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(played.answer(), "201 ");

  played.ask(
      {.method = "PUT", .target = "/", .host = "a", .body = proto::http::Body::length, .content_bytes = 12});
  auto again = net::open_file(*played.loop, folder.path("file"), net::FileUse::read);
  const auto sent = played.run(played.client->send_from(**again, 12));
  EXPECT_EQ(sent.error().what, "what is sent became shorter meanwhile");
  EXPECT_FALSE(played.client->is_reusable());
}

TEST(HttpConnection, MovesContentIntoAFile) {
  for (const std::size_t size : {std::size_t{0}, std::size_t{10}, std::size_t{3'000'000}}) {
    const store::TemporaryFolder folder;
    const std::string content(size, 'x');
    Played played;
    played.ask(get);
    played.ask(get);
    EXPECT_TRUE(played.run(played.client->send()));
    net::Scope server(*played.loop);
    const std::string text = "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n" +
                             content + "HTTP/1.1 204 No\r\n\r\n";
    server.spawn([](net::Stream& stream, std::string_view said) -> Task<> {
      co_await stream.write(bytes_of(said));
    }(*played.server, text));
    EXPECT_TRUE(played.run(played.client->receive_head()));
    auto file = net::open_file(*played.loop, folder.path("file"), net::FileUse::write);
    std::uint64_t moved = 0;
    for (;;) {
      const net::Relayed relayed = played.run(played.client->receive_into(**file, 1'000'000));
      moved += relayed.bytes;
      EXPECT_LE(relayed.bytes, 1'000'000U);
      if (relayed.end != net::Relayed::End::limit_reached) {
        EXPECT_EQ(relayed.end, net::Relayed::End::source_ended) << relayed.error.what;
        break;
      }
    }
    EXPECT_EQ(moved, size);
    EXPECT_EQ(folder.content("file"), content);
    EXPECT_EQ(played.answer(), "204 ");
  }
}

TEST(HttpConnection, KnowsAContentThatIsCut) {
  const store::TemporaryFolder folder;
  Played played;
  played.ask(get);
  EXPECT_TRUE(played.run(played.client->send()));
  const std::string text = "HTTP/1.1 200 OK\r\nContent-Length: 9000000\r\n\r\n" + std::string(1'000'000, 'x');
  net::Scope server(*played.loop);
  server.spawn([](net::Stream& stream, std::string_view said) -> Task<> {
    co_await stream.write(bytes_of(said));
    co_await stream.finish();
  }(*played.server, text));
  EXPECT_TRUE(played.run(played.client->receive_head()));
  auto file = net::open_file(*played.loop, folder.path("file"), net::FileUse::write);
  const net::Relayed relayed = played.run(played.client->receive_into(**file, UINT64_MAX));
  EXPECT_EQ(relayed.end, net::Relayed::End::reading_failed);
  EXPECT_EQ(relayed.error.code, Code::network);
  EXPECT_EQ(relayed.bytes, 1'000'000U);
  EXPECT_FALSE(played.client->is_reusable());
}

// A PUT of a file of 9 MB, of which the server reads nothing.
struct Uploading {
  Uploading() {
    folder.put("file", std::string(bytes, 'x'));
    file = net::Fd(::open(folder.path("file").c_str(), O_RDONLY | O_CLOEXEC));
    proto::http::Ask ask = {.method = "PUT", .target = "/x", .host = "a"};
    ask.body = proto::http::Body::length;
    ask.content_bytes = bytes;
    played.ask(ask);
  }
  Result<void> send() {
    return played.run(played.client->while_listening(played.client->send_file(file.get(), 0, bytes, sent)));
  }

  static constexpr std::uint64_t bytes = 9'000'000;
  store::TemporaryFolder folder;
  net::Fd file;
  Played played;
  std::uint64_t sent = 0;
};

TEST(HttpConnection, HearsAnAnswerWhileItSends) {
  Uploading up;
  net::Scope server(*up.played.loop);
  server.spawn([](net::Stream& stream) -> Task<> {
    std::array<std::byte, 100> some{};
    co_await stream.read(some);
    co_await stream.write(
        bytes_of("HTTP/1.1 103 Early\r\n\r\nHTTP/1.1 413 No\r\nContent-Length: 2\r\n\r\nxy"));
  }(*up.played.server));
  EXPECT_TRUE(up.send());
  EXPECT_TRUE(up.played.client->has_early_head());
  EXPECT_LT(up.sent, Uploading::bytes);
  EXPECT_EQ(up.played.answer(), "413 xy");
  EXPECT_FALSE(up.played.client->is_reusable());
}

TEST(HttpConnection, KnowsAtOnceThatItSendsToNobody) {
  Uploading up;
  net::Scope server(*up.played.loop);
  server.spawn([](net::Stream& stream) -> Task<> { co_await stream.finish(); }(*up.played.server));
  const auto sent = up.send();
  EXPECT_EQ(sent.error().code, Code::network);
  EXPECT_FALSE(up.played.client->has_early_head());
}

TEST(HttpConnection, ReadsTheLastWordsOfAConnectionThatBroke) {
  Uploading up;
  up.played.say("HTTP/1.1 507 Full\r\nContent-Length: 0\r\n\r\n");
  up.played.server.reset();
  const auto sent = up.send();
  EXPECT_TRUE(sent) << sent.error().what;
  EXPECT_EQ(up.played.answer(), "507 ");
}

TEST(HttpConnection, SendsAFileToItsEnd) {
  Uploading up;
  net::Scope server(*up.played.loop);
  std::string heard;
  server.spawn([](net::Stream& stream, std::string& all) -> Task<> {
    std::vector<std::byte> some(100'000);
    while (all.size() < Uploading::bytes) {
      const auto came = co_await stream.read(some);
      if (!came || *came == 0) break;
      all += text_of(ByteView(some).first(*came));
    }
    co_await stream.write(bytes_of("HTTP/1.1 201 Made\r\nContent-Length: 0\r\n\r\n"));
  }(*up.played.server, heard));
  EXPECT_TRUE(up.send());
  EXPECT_EQ(up.sent, Uploading::bytes);
  EXPECT_TRUE(up.played.run(up.played.client->finish_request()));
  EXPECT_EQ(up.played.answer(), "201 ");
  EXPECT_TRUE(heard.ends_with("\r\n\r\n" + up.folder.content("file")));
}

TEST(HttpConnection, WaitsUntilItsContentIsWanted) {
  const struct {
    std::string_view said;
    bool goes_on, has_head;
  } cases[] = {{"HTTP/1.1 100 Go\r\n\r\n", true, false},
               {"", true, false},
               {"HTTP/1.1 401 Who\r\nContent-Length: 0\r\n\r\n", false, true}};
  for (const auto& [said, goes_on, has_head] : cases) {
    Played played;
    proto::http::Ask ask = {.method = "PUT", .target = "/x", .host = "a"};
    ask.body = proto::http::Body::length;
    ask.content_bytes = 2;
    ask.expects_continue = true;
    played.ask(ask);
    EXPECT_TRUE(played.run(played.client->send()));
    if (!said.empty()) played.say(said);
    EXPECT_EQ(played.run(played.client->await_continue(std::chrono::milliseconds(50))), goes_on);
    EXPECT_EQ(played.client->has_early_head(), has_head);
    if (has_head) {
      EXPECT_EQ(played.answer(), "401 ");
    }
    EXPECT_FALSE(played.client->is_reusable());
  }
}

TEST(HttpConnection, SendsSmallContentWithWhatFollows) {
  Played played;
  for (const std::string_view content : {"ab", "c"}) {
    proto::http::Ask ask = {.method = "PUT", .target = "/x", .host = "a"};
    ask.body = proto::http::Body::length;
    ask.content_bytes = content.size();
    played.ask(ask);
    EXPECT_FALSE(played.client->write_content(bytes_of("too much")));
    EXPECT_TRUE(played.client->write_content(bytes_of(content)));
  }
  EXPECT_TRUE(played.run(played.client->send()));
  EXPECT_EQ(played.heard(),
            "PUT /x HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nab"
            "PUT /x HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nc");
}

}  // namespace
}  // namespace yam::service
