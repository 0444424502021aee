#include "yam/cli/raw/session.hpp"

#include <csignal>

#include "yam/cli/voice.hpp"

namespace yam::cli {

namespace {

using net::Task;

// How long children get to end after the verb has; then they are killed.
constexpr Duration children_grace = std::chrono::seconds(3);

}  // namespace

Result<std::unique_ptr<Session>> Session::open() {
  auto loop = net::Loop::open();
  if (!loop) return fail(loop.error());
  std::unique_ptr<Session> session(new Session(std::move(*loop)));
  auto signals = net::Signals::open(*session->loop_, {SIGINT, SIGTERM});
  if (!signals) return fail(signals.error());
  session->signals_ = std::move(*signals);
  session->children_ = std::make_unique<net::Children>(*session->loop_);
  return session;
}

int Session::run(Task<Result<void>> body) {
  const auto outcome = loop_->run(supervise(std::move(body)));
  return outcome ? 0 : explain(outcome.error());
}

Task<Result<void>> Session::supervise(Task<Result<void>> body) {
  auto outcome = co_await net::until_signal(*loop_, *signals_, std::move(body));
  co_await children_->gone(after(loop_->now(), children_grace));
  co_return outcome;
}

}  // namespace yam::cli
