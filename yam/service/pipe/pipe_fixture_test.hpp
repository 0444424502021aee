#pragma once
// What the pipe's tests share: a pipe between endpoints on loopback ports that the kernel picks, callers who
// come to it, a server behind it, and what the pipe said about them.

#include <csignal>

#include <gtest/gtest.h>  // allowed: a fixture of tests

#include "yam/net/loop/within.hpp"
#include "yam/service/pipe/pipe.hpp"

namespace yam::service {

using net::Connection;
using net::Task;

// Far beyond what any test takes, and before the runner loses patience.
constexpr Duration patience = std::chrono::seconds(20);

inline Bytes pattern(std::size_t size) {
  Bytes bytes(size);
  std::uint32_t state = 2'463'534'242;
  for (std::byte& byte : bytes) {
    state = state * 1'664'525 + 1'013'904'223;
    byte = static_cast<std::byte>(state >> 24);
  }
  return bytes;
}

class Witness final : public PipeObserver {
 public:
  explicit Witness(net::Loop& loop) : news_(loop) {}

  void listening(const std::string& address) override { addresses.push_back(address); }
  void joined(PipeConnections&) override { news_.set(); }
  void ended(const PipeConnections&, const PipeEnd& end) override {
    ends.push_back(end);
    news_.set();
  }
  void failed(const std::string&, const Error& fault) override {
    failures.push_back(fault.what);
    news_.set();
  }

  // Returns once so many pairs have ended or failed.
  Task<> over(std::size_t count) {
    while (ends.size() + failures.size() < count) {
      news_.reset();
      co_await news_.wait();
    }
  }

  std::vector<std::string> addresses;
  std::vector<PipeEnd> ends;
  std::vector<std::string> failures;

 private:
  net::Event news_;
};

class PipeTest : public testing::Test {
 public:
  PipeTest() { ::signal(SIGPIPE, SIG_IGN); }
  ~PipeTest() override { pipe_.cancel(); }

  static Endpoint endpoint(const std::string& text) { return Endpoint::parse(text, Side::calling).value(); }

  // Starts the pipe beside what the test does; it has ended with the test at the latest.
  void start(const std::string& left, const std::string& right, const std::string& plan = "") {
    options_.left = endpoint(left);
    options_.right = endpoint(right);
    if (!plan.empty()) options_.impairment = ImpairmentPlan::parse(plan).value();
    ASSERT_TRUE(check(options_).has_value());
    pipe_.spawn(keep(this));
  }

  // `body` to its end, and what it gives; one that hangs has failed.
  template <class T>
  T run(Task<T> body) {
    auto done = loop_->run(bounded(loop_.get(), as_result(std::move(body))));
    EXPECT_TRUE(done.has_value()) << done.error().what;
    return done ? std::move(*done) : T();
  }
  void run(Task<> body) {
    const auto done = loop_->run(bounded(loop_.get(), as_result(std::move(body))));
    ASSERT_TRUE(done.has_value()) << done.error().what;
  }

  std::unique_ptr<net::Acceptor> server(const std::string& text) {
    return run(open_server(this, Endpoint::parse(text, Side::listening).value()));
  }

  // One who calls; what comes back from call() in a test has worked.
  static Task<Connection> caller(PipeTest* test, std::string address) {
    const net::CallOptions call_options;
    auto called = co_await net::call(*test->loop_, test->children_, endpoint(address), call_options);
    EXPECT_TRUE(called.has_value()) << called.error().what;
    co_return std::move(*called);
  }

  static Task<> say(net::Stream* stream, ByteView bytes) {
    const auto written = co_await stream->write(bytes);
    EXPECT_EQ(written.value_or(0), bytes.size());
    const auto finished = co_await stream->finish();
    EXPECT_TRUE(finished.has_value());
  }

  // Everything up to the end; behind a fault its words in `fault`.
  static Task<Bytes> hear(net::Stream* stream, std::string* fault = nullptr) {
    Bytes all;
    Bytes piece(100'000);
    for (;;) {
      const auto count = co_await stream->read(piece);
      if (!count && fault != nullptr) *fault = count.error().what;
      if (!count || *count == 0) co_return all;
      all.insert(all.end(), piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(*count));
    }
  }
  static Task<> hear_into(net::Stream* stream, Bytes* all) { *all = co_await hear(stream); }

  // Says `bytes` and ends, while it hears what comes back.
  static Task<Bytes> ask(PipeTest* test, std::string address, ByteView bytes) {
    auto connection = co_await caller(test, address);
    net::Scope saying(*test->loop_);
    saying.spawn(say(connection.stream.get(), bytes));
    Bytes answer = co_await hear(connection.stream.get());
    co_return answer;
  }

  std::unique_ptr<net::Loop> loop_ = net::Loop::open().value();
  net::Children children_{*loop_};
  PipeOptions options_;
  PipeTotals totals_;
  Witness witness_{*loop_};
  std::optional<Result<void>> outcome_;
  net::Scope pipe_{*loop_};  // last: cancelled before what it points at

 private:
  static Task<> keep(PipeTest* test) {
    test->outcome_ =
        co_await pipe(*test->loop_, test->children_, test->options_, test->witness_, test->totals_);
  }
  static Task<Result<void>> as_result(Task<> body) {
    co_await std::move(body);
    co_return Result<void>();
  }
  template <class T>
  static Task<Result<T>> as_result(Task<T> body) {
    T value = co_await std::move(body);
    co_return std::move(value);
  }
  template <class T>
  static Task<Result<T>> bounded(net::Loop* loop, Task<Result<T>> body) {
    co_return co_await net::within(*loop, after(loop->now(), patience), std::move(body), "a test");
  }
  static Task<std::unique_ptr<net::Acceptor>> open_server(PipeTest* test, Endpoint endpoint) {
    const net::AcceptorOptions acceptor_options;
    auto acceptor = co_await net::Acceptor::open(*test->loop_, endpoint, acceptor_options);
    EXPECT_TRUE(acceptor.has_value());
    co_return std::move(*acceptor);
  }
};

}  // namespace yam::service
