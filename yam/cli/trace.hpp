#pragma once
// --trace: the ladder of each conversation, drawn as it happens on stderr or into a file: connections, whose
// stream is watched here, and what others hand over (sink). Conversations are numbered from
// 1 when there can be several, and 0 when there is one.

#include <cstdio>
#include <memory>
#include <optional>
#include <string>

#include "yam/base/ladder.hpp"
#include "yam/net/connection.hpp"
#include "yam/service/ladder_inbox.hpp"
#include "yam/service/line_writer.hpp"
#include "yam/tui/ladder.hpp"

namespace yam::cli {

class Trace {
 public:
  // An absent `where` traces nothing at no cost, an empty one draws on stderr. Code::local when the file
  // cannot be written. `columns` is how wide it is drawn where no terminal says.
  // What would go to stderr goes through `voice` when it is not null; it outlives the trace.
  static constexpr std::size_t columns_default = 80;
  static constexpr std::size_t columns_of_packets = 100;
  static Result<std::unique_ptr<Trace>> open(net::Loop& loop, const std::optional<std::string>& where,
                                             std::size_t columns = columns_default,
                                             service::LineWriter* voice = nullptr);
  ~Trace();

  // The connection, its stream now traced; `calling` says who began.
  void follow(net::Connection& connection, bool calling, std::uint32_t conversation);
  // Its end, with what the kernel knows of the path; call it while the stream still lives.
  void end(const net::Connection& connection, std::uint32_t conversation, const std::string& how);

  // For those who hand over rungs of their own, from any thread; null when nothing is traced. `is_one`: the
  // only conversation there will be. Once; it lives as long as this.
  LadderSink* sink(bool is_one);
  // What was handed over so far, at once: before something else is said.
  void draw_handed();

 private:
  struct Closer {
    void operator()(std::FILE* file) const;
  };

  Trace(net::Loop& loop, std::FILE* out, std::size_t columns);
  void write(const std::string& text);
  net::Task<> draw();
  void draw_due(Time now);

  net::Loop& loop_;
  std::FILE* out_ = nullptr;  // null: nothing is traced
  std::unique_ptr<std::FILE, Closer> file_;
  service::LineWriter* voice_ = nullptr;  // in place of out_, unless it is null
  Ladder ladder_;
  tui::LadderText text_;
  net::Event news_;
  net::Scope drawing_;
  std::optional<service::LadderInbox> inbox_;  // last: it draws what is left
};

}  // namespace yam::cli
