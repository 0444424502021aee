#include "yam/net/loop/scope.hpp"

namespace yam::net {

Scope::~Scope() {
  cancel();
}

void Scope::spawn(Task<> task) {
  const auto handle = task.release();
  detail::Promise<void>& promise = handle.promise();
  promise.owner = this;
  promise.older = newest_;
  if (newest_ != nullptr) newest_->newer = &promise;
  newest_ = &promise;
  ++running_;
  empty_.reset();
  handle.resume();
}

void Scope::cancel() {
  while (newest_ != nullptr)
    destroy(*newest_);
}

void Scope::take_back(detail::Promise<void>& ended) {
  destroy(ended);
}

void Scope::destroy(detail::Promise<void>& task) {
  if (task.older != nullptr) task.older->newer = task.newer;
  if (task.newer != nullptr) task.newer->older = task.older;
  if (newest_ == &task) newest_ = task.older;
  if (--running_ == 0) empty_.set();
  using Frame = Task<>::promise_type;
  std::coroutine_handle<Frame>::from_promise(static_cast<Frame&>(task)).destroy();
}

}  // namespace yam::net
