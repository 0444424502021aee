#pragma once
// Bytes on their way from a thread that makes them to a loop that sends them, so many and no more: the thread
// waits for room, the loop is told of news by its mailbox. Either may go first.

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>

#include "yam/base/bytes.hpp"
#include "yam/base/result.hpp"
#include "yam/net/loop/event.hpp"
#include "yam/service/archive/archive_order.hpp"

namespace yam::service {

// Shared by the thread and who listens, whichever lives longer.
class ArchiveQueue : public std::enable_shared_from_this<ArchiveQueue> {
 public:
  static constexpr std::size_t bytes_max = 1024 * 1024;  // waiting

  // What the thread does. put() copies, waits for room, and says whether anybody still listens.
  bool put(ByteView bytes);
  void finish(Result<ArchiveReport> outcome);

  // What the loop does: `news` is set when there is something to take; both outlive leave().
  void listen(net::Loop& loop, net::Event& news);
  void leave();
  // A block, or nothing when there is none yet, or no more.
  std::optional<Bytes> take();
  // What the thread ended with, once all blocks are taken.
  std::optional<Result<ArchiveReport>> outcome();

 private:
  void tell();  // with the mutex held

  std::mutex mutex_;
  std::condition_variable room_;
  std::deque<Bytes> blocks_;
  std::size_t bytes_ = 0;
  std::optional<Result<ArchiveReport>> outcome_;
  net::Loop* loop_ = nullptr;  // null when nobody listens
  net::Event* news_ = nullptr;
  bool told_ = false;  // a letter is under way
};

}  // namespace yam::service
