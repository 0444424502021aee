#pragma once
// Where the threads of a server leave what --trace shall draw: a loop empties it, soon. It holds so much;
// what comes beyond that, because the drawing is slow, is left out and counted, so that no transfer waits for
// it.

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <variant>

#include "yam/base/ladder.hpp"
#include "yam/net/loop/loop.hpp"

namespace yam::service {

class LadderInbox final : public LadderSink {
 public:
  struct Head {
    Time when;
    std::string us, peer;
    std::uint32_t conversation;
  };
  using Line = std::variant<Head, LadderEvent>;
  // Called on the loop's thread, with what came since the last time.
  using Draw = std::function<void(const std::deque<Line>& lines, std::uint64_t left_out)>;

  // `is_one`: of the only conversation there will be, numbered 0; others are from 1. Made and destroyed on
  // the thread of `loop`, which outlives it.
  LadderInbox(net::Loop& loop, bool is_one, Draw draw);
  // Draws the rest. No thread hands anything over any more.
  ~LadderInbox();
  LadderInbox(const LadderInbox&) = delete;
  LadderInbox& operator=(const LadderInbox&) = delete;

  std::uint32_t handle_begin(Time when, std::string_view us, std::string_view peer) override;
  void handle_rung(LadderEvent rung) override;
  // Draws at once: before something else is said. For the loop's thread.
  void empty();

 private:
  // Shared with the letters that announce it, which may be read when the inbox is gone.
  struct Content {
    std::mutex mutex;
    std::deque<Line> lines;
    std::uint64_t left_out = 0;
  };

  void put(Line line);

  net::Loop& loop_;
  bool is_one_;
  Draw draw_;
  std::atomic<std::uint32_t> conversations_ = 0;
  std::shared_ptr<Content> content_ = std::make_shared<Content>();
};

}  // namespace yam::service
