#include "yam/base/ladder.hpp"

#include <algorithm>
#include <utility>

namespace yam {
namespace {

using What = LadderEvent::What;

bool carries_bytes(What what) {
  return what == What::sent || what == What::received;
}

// Bytes with a detail have something to say of their own, so they stay apart.
bool continues(const LadderEvent& run, const LadderEvent& event) {
  return run.what == event.what && run.from == event.from && run.detail.empty() && event.detail.empty() &&
         event.when - run.when < ladder_run_max;
}

void merge(LadderEvent& run, LadderEvent&& event) {
  if (run.piece_bytes != event.piece_bytes) run.piece_bytes = 0;
  run.bytes += event.bytes;
  run.pieces += event.pieces;
  if (event.path) run.path = event.path;
}

}  // namespace

void Ladder::handle_event(LadderEvent event) {
  auto found = conversations_.find(event.conversation);
  if (found == conversations_.end()) {
    if (conversations_.size() >= ladder_conversations_max) {
      ++left_out_;
      return;
    }
    found = conversations_.try_emplace(event.conversation).first;
  }
  Conversation& conversation = found->second;
  if (event.detail.size() > ladder_detail_bytes_max) event.detail.resize(ladder_detail_bytes_max);
  if (!carries_bytes(event.what)) {
    finish_run(conversation);
    push(std::move(event));
    return;
  }
  (event.what == What::sent ? conversation.totals.sent : conversation.totals.received) += event.bytes;
  if (event.pieces == 1) event.piece_bytes = event.bytes;
  if (conversation.run && continues(*conversation.run, event)) {
    merge(*conversation.run, std::move(event));
    return;
  }
  finish_run(conversation);
  conversation.run = std::move(event);
}

void Ladder::handle_end(std::uint32_t number, Time now, std::string_view how, std::optional<PathState> path) {
  const auto found = conversations_.find(number);
  if (found == conversations_.end()) return;
  finish_run(found->second);
  LadderEvent event;
  event.when = now;
  event.conversation = number;
  event.what = What::ended;
  event.detail = how;
  event.totals = found->second.totals;
  event.path = path;
  conversations_.erase(found);
  push(std::move(event));
}

std::optional<LadderEvent> Ladder::poll_event(Time now) {
  for (auto& [number, conversation] : conversations_) {
    if (conversation.run && after(conversation.run->when, ladder_run_max) <= now) finish_run(conversation);
  }
  if (ready_.empty()) return std::nullopt;
  LadderEvent event = std::move(ready_.front());
  ready_.pop_front();
  return event;
}

Time Ladder::next_due() const {
  Time due = never;
  for (const auto& [number, conversation] : conversations_) {
    if (conversation.run) due = std::min(due, after(conversation.run->when, ladder_run_max));
  }
  return due;
}

void Ladder::finish_run(Conversation& conversation) {
  if (conversation.run) push(*std::exchange(conversation.run, std::nullopt));
}

void Ladder::push(LadderEvent event) {
  if (ready_.size() >= ladder_events_max) {
    ++left_out_;
    return;
  }
  ready_.push_back(std::move(event));
}

}  // namespace yam
