#include "yam/service/ladder_inbox.hpp"

#include <utility>

namespace yam::service {

LadderInbox::LadderInbox(net::Loop& loop, bool is_one, Draw draw)
    : loop_(loop), is_one_(is_one), draw_(std::move(draw)) {}

LadderInbox::~LadderInbox() {
  empty();
}

std::uint32_t LadderInbox::handle_begin(Time when, std::string_view us, std::string_view peer) {
  const std::uint32_t conversation = is_one_ ? 0 : ++conversations_;
  put(Head{when, std::string(us), std::string(peer), conversation});
  return conversation;
}

void LadderInbox::handle_rung(LadderEvent rung) {
  put(std::move(rung));
}

void LadderInbox::put(Line line) {
  {
    const std::lock_guard lock(content_->mutex);
    if (content_->lines.size() >= ladder_events_max) {
      ++content_->left_out;
      return;
    }
    content_->lines.push_back(std::move(line));
    if (content_->lines.size() > 1) return;  // the letter is on its way
  }
  loop_.post([this, content = std::weak_ptr(content_)] {
    if (!content.expired()) empty();
  });
}

void LadderInbox::empty() {
  std::deque<Line> lines;
  std::uint64_t left_out = 0;
  {
    const std::lock_guard lock(content_->mutex);
    lines.swap(content_->lines);
    left_out = std::exchange(content_->left_out, 0);
  }
  if (!lines.empty()) draw_(lines, left_out);
}

}  // namespace yam::service
