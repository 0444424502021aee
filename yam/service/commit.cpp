#include "yam/service/commit.hpp"

#include <memory>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>

#include "yam/net/loop/event.hpp"
#include "yam/store/new_file.hpp"

namespace yam::service {

namespace {

// Shared by the one who waits and the thread that commits, whichever lives longer.
struct Order {
  Order(store::NewFile f, Uncommitted u) : file(std::move(f)), uncommitted(u) {}

  store::NewFile file;
  Uncommitted uncommitted;
  std::mutex mutex;
  net::Loop* loop = nullptr;  // null once nobody waits any more
  net::Event* done = nullptr;
  std::optional<Result<std::string>> outcome;
};

struct Waiting {
  explicit Waiting(std::shared_ptr<Order> o) : order(std::move(o)) {}
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;
  ~Waiting() {
    const std::lock_guard lock(order->mutex);
    order->loop = nullptr;
    order->done = nullptr;
  }
  std::shared_ptr<Order> order;
};

void carry_out(const std::shared_ptr<Order>& order) {
  auto outcome = order->file.commit();
  if (!outcome && order->uncommitted == Uncommitted::discard) static_cast<void>(order->file.discard());
  const std::lock_guard lock(order->mutex);
  order->outcome = std::move(outcome);
  if (order->loop == nullptr) return;
  order->loop->post([order] {
    if (order->done != nullptr) order->done->set();
  });
}

}  // namespace

net::Task<Result<std::string>> commit_elsewhere(net::Loop& loop, store::NewFile file,
                                                Uncommitted uncommitted) {
  net::Event done(loop);
  const Waiting waiting(std::make_shared<Order>(std::move(file), uncommitted));
  waiting.order->loop = &loop;
  waiting.order->done = &done;
  try {
    std::thread([order = waiting.order] { carry_out(order); }).detach();
  } catch (const std::system_error& fault) {
    if (uncommitted == Uncommitted::discard) static_cast<void>(waiting.order->file.discard());
    co_return fail_os("cannot start a thread", fault.code().value());
  }
  co_await done.wait();
  co_return std::move(*waiting.order->outcome);
}

}  // namespace yam::service
