#include "yam/net/loop/loop_threads.hpp"

#include <algorithm>
#include <future>
#include <sched.h>
#include <system_error>

namespace yam::net {

std::size_t usable_cores() {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  // Fails on a machine of more cores than the set holds, 1024.
  if (::sched_getaffinity(0, sizeof cores, &cores) != 0) return std::thread::hardware_concurrency();
  return static_cast<std::size_t>(std::max(CPU_COUNT(&cores), 1));
}

Result<std::unique_ptr<LoopThreads>> LoopThreads::start(std::size_t count, Body body) {
  std::unique_ptr<LoopThreads> threads(new LoopThreads);
  for (std::size_t index = 0; index < count; ++index) {
    auto& member = *threads->members_.emplace_back(std::make_unique<Member>());
    std::promise<Result<void>> started;
    auto outcome = started.get_future();
    try {
      member.thread = std::jthread([&member, started = std::move(started), body, index]() mutable {
        auto loop = Loop::open();
        if (!loop) {
          started.set_value(fail(loop.error()));
          return;
        }
        Event stop(**loop);
        {
          const std::lock_guard lock(member.mutex);
          member.loop = loop->get();
          member.stop = &stop;
        }
        started.set_value({});
        (*loop)->run(body(**loop, stop, index));
        const std::lock_guard lock(member.mutex);
        member.loop = nullptr;
        member.stop = nullptr;
      });
    } catch (const std::system_error& fault) {
      return fail_os("cannot start a thread", fault.code().value());
    }
    if (auto result = outcome.get(); !result) return fail(result.error());
  }
  return threads;
}

void LoopThreads::stop() {
  for (const auto& member : members_) {
    const std::lock_guard lock(member->mutex);
    if (member->loop != nullptr) member->loop->post([stop = member->stop] { stop->set(); });
  }
}

void LoopThreads::post(const std::function<void(std::size_t)>& letter) {
  for (std::size_t index = 0; index < members_.size(); ++index) {
    const std::lock_guard lock(members_[index]->mutex);
    if (members_[index]->loop != nullptr) members_[index]->loop->post([letter, index] { letter(index); });
  }
}

}  // namespace yam::net
