#include "yam/net/first_welcome.hpp"

#include <algorithm>

#include "yam/net/loop/event.hpp"
#include "yam/net/loop/scope.hpp"

namespace yam::net {

namespace {

using Failed = std::function<void(const std::string& peer, const Error& fault)>;

class Porch {
 public:
  Porch(Loop& loop, Acceptor& acceptor, Duration timeout, Failed failed)
      : acceptor_(acceptor),
        timeout_(timeout),
        failed_(std::move(failed)),
        decided_(loop),
        room_(loop),
        handshakes_(loop),
        door_(loop) {}

  Task<Result<FirstWelcome>> first() {
    door_.spawn(take_in());
    co_await decided_.wait();
    door_.cancel();
    handshakes_.cancel();
    if (!*outcome_) co_return fail(outcome_->error());
    FirstWelcome first;
    first.connection = std::move(**outcome_);
    first.late = std::move(callers_);
    co_return std::move(first);
  }

 private:
  Task<> take_in() {
    while (!outcome_) {
      while (handshakes_.size() >= handshakes_max) {
        room_.reset();
        co_await room_.wait();
      }
      auto accepted = co_await acceptor_.accept();
      if (!accepted) {
        decide(fail(accepted.error()));
      } else {
        handshakes_.spawn(welcome(std::move(*accepted)));
      }
    }
  }

  Task<> welcome(Connection accepted) {
    const std::string peer = accepted.peer;
    callers_.push_back(peer);
    auto connection = co_await acceptor_.welcome(std::move(accepted), timeout_);
    if (const auto at = std::find(callers_.begin(), callers_.end(), peer); at != callers_.end())
      callers_.erase(at);
    if (connection) {
      decide(std::move(connection));
    } else if (!outcome_) {
      failed_(peer, connection.error());
    }
    room_.set();
  }

  void decide(Result<Connection> outcome) {
    if (outcome_) return;
    outcome_.emplace(std::move(outcome));
    decided_.set();
  }

  Acceptor& acceptor_;
  Duration timeout_;
  Failed failed_;
  std::vector<std::string> callers_;  // at their handshakes
  std::optional<Result<Connection>> outcome_;
  Event decided_;
  Event room_;
  Scope handshakes_;  // these last: cancelled before what their tasks point at
  Scope door_;
};

}  // namespace

Task<Result<FirstWelcome>> welcome_first(Loop& loop, Acceptor& acceptor, Duration timeout, Failed failed) {
  Porch porch(loop, acceptor, timeout, std::move(failed));
  co_return co_await porch.first();
}

}  // namespace yam::net
