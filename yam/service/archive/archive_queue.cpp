#include "yam/service/archive/archive_queue.hpp"

#include <utility>

namespace yam::service {

bool ArchiveQueue::put(ByteView bytes) {
  Bytes block = copy_of(bytes);
  std::unique_lock lock(mutex_);
  room_.wait(lock, [this] { return bytes_ < bytes_max || loop_ == nullptr; });
  if (loop_ == nullptr) return false;
  bytes_ += block.size();
  blocks_.push_back(std::move(block));
  tell();
  return true;
}

void ArchiveQueue::finish(Result<ArchiveReport> outcome) {
  const std::lock_guard lock(mutex_);
  outcome_ = std::move(outcome);
  tell();
}

void ArchiveQueue::listen(net::Loop& loop, net::Event& news) {
  const std::lock_guard lock(mutex_);
  loop_ = &loop;
  news_ = &news;
}

void ArchiveQueue::leave() {
  {
    const std::lock_guard lock(mutex_);
    loop_ = nullptr;
    news_ = nullptr;
    blocks_.clear();
  }
  room_.notify_one();
}

std::optional<Bytes> ArchiveQueue::take() {
  std::optional<Bytes> block;
  {
    const std::lock_guard lock(mutex_);
    if (news_ != nullptr) news_->reset();
    if (blocks_.empty()) return std::nullopt;
    block = std::move(blocks_.front());
    blocks_.pop_front();
    bytes_ -= block->size();
  }
  room_.notify_one();
  return block;
}

std::optional<Result<ArchiveReport>> ArchiveQueue::outcome() {
  const std::lock_guard lock(mutex_);
  if (!blocks_.empty()) return std::nullopt;
  return outcome_;
}

void ArchiveQueue::tell() {
  if (loop_ == nullptr || std::exchange(told_, true)) return;
  loop_->post([queue = shared_from_this()] {
    const std::lock_guard lock(queue->mutex_);
    queue->told_ = false;
    if (queue->news_ != nullptr) queue->news_->set();
  });
}

}  // namespace yam::service
