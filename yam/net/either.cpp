#include "yam/net/either.hpp"

#include <optional>

#include "yam/net/loop/scope.hpp"

namespace yam::net {

namespace {

Task<> keep_first(Task<Result<void>> task, std::optional<Result<void>>* outcome, Event* over) {
  auto ended = co_await std::move(task);
  if (!*outcome) *outcome = std::move(ended);
  over->set();
}

}  // namespace

Task<Result<void>> either(Loop& loop, Task<Result<void>> one, Task<Result<void>> other) {
  std::optional<Result<void>> outcome;
  Event over(loop);
  Scope tasks(loop);
  tasks.spawn(keep_first(std::move(one), &outcome, &over));
  if (!outcome) tasks.spawn(keep_first(std::move(other), &outcome, &over));
  co_await over.wait();
  tasks.cancel();
  co_return std::move(*outcome);
}

}  // namespace yam::net
