#pragma once
// --trace: the ladder of each conversation, drawn as it happens on stderr or into a file: connections, whose
// stream is watched here, and what others see for themselves (a LadderSink). Conversations are numbered from
// 1 when there can be several, and 0 when there is one.

#include <atomic>
#include <cstdio>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <variant>

#include "yam/base/ladder.hpp"
#include "yam/net/connection.hpp"
#include "yam/tui/ladder.hpp"

namespace yam::cli {

class Trace final : public LadderSink {
 public:
  // An absent `where` traces nothing at no cost, an empty one draws on stderr. Code::local when the file
  // cannot be written. `columns` is how wide it is drawn where no terminal says.
  static constexpr std::size_t columns_default = 80;
  static constexpr std::size_t columns_of_packets = 100;
  static Result<std::unique_ptr<Trace>> open(net::Loop& loop, const std::optional<std::string>& where,
                                             std::size_t columns = columns_default);
  ~Trace();

  // The connection, its stream now traced; `calling` says who began.
  void follow(net::Connection& connection, bool calling, std::uint32_t conversation);
  // Its end, with what the kernel knows of the path; call it while the stream still lives.
  void end(const net::Connection& connection, std::uint32_t conversation, const std::string& how);

  // This, for those who hand over rungs of their own; null when nothing is traced. `is_one`: the only
  // conversation there will be.
  LadderSink* sink(bool is_one);
  // Any thread: what comes is drawn by the loop, soon; beyond ladder_events_max it is left out, and said so.
  std::uint32_t handle_begin(Time when, std::string_view us, std::string_view peer) override;
  void handle_rung(LadderEvent rung) override;
  // What was handed over so far, at once: before something else is said. For the loop's thread.
  void draw_handed();

 private:
  struct Closer {
    void operator()(std::FILE* file) const;
  };
  struct Head {
    Time when;
    std::string us, peer;
    std::uint32_t conversation;
  };
  using Line = std::variant<Head, LadderEvent>;
  // Shared with the letters that announce it, which may be read when the trace is gone.
  struct Inbox {
    std::mutex mutex;
    std::deque<Line> lines;
    std::uint64_t left_out = 0;
  };

  Trace(net::Loop& loop, std::FILE* out, std::size_t columns);
  net::Task<> draw();
  void draw_due(Time now);
  void hand_over(Line line);

  net::Loop& loop_;
  std::FILE* out_ = nullptr;  // null: nothing is traced
  std::unique_ptr<std::FILE, Closer> file_;
  Ladder ladder_;
  tui::LadderText text_;
  bool is_one_ = false;
  std::atomic<std::uint32_t> conversations_ = 0;
  std::shared_ptr<Inbox> inbox_ = std::make_shared<Inbox>();
  net::Event news_;
  net::Scope drawing_;
};

}  // namespace yam::cli
