#pragma once
// One run of a verb: its loop, its children, and the signals that end it. A verb is a task; SIGINT and
// SIGTERM cancel it, which closes what it owns.

#include <memory>

#include "yam/base/result.hpp"
#include "yam/net/child.hpp"
#include "yam/net/loop/event.hpp"
#include "yam/net/loop/signals.hpp"

namespace yam::cli {

class Session {
 public:
  static Result<std::unique_ptr<Session>> open();

  net::Loop& loop() { return *loop_; }
  net::Children& children() { return *children_; }

  // Runs `body` to its end and gives the exit status; what went wrong has been said.
  int run(net::Task<Result<void>> body);

 private:
  explicit Session(std::unique_ptr<net::Loop> loop) : loop_(std::move(loop)) {}
  net::Task<Result<void>> supervise(net::Task<Result<void>> body);

  std::unique_ptr<net::Loop> loop_;
  std::unique_ptr<net::Signals> signals_;
  std::unique_ptr<net::Children> children_;
};

}  // namespace yam::cli
