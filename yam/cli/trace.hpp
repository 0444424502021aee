#pragma once
// --trace: the ladder of each conversation, drawn as it happens on stderr or into a file. Conversations are
// numbered from 1 when there can be several, and 0 when there is one.

#include <cstdio>
#include <memory>
#include <optional>
#include <string>

#include "yam/base/ladder.hpp"
#include "yam/net/connection.hpp"
#include "yam/tui/ladder.hpp"

namespace yam::cli {

class Trace {
 public:
  // An absent `where` traces nothing at no cost, an empty one draws on stderr. Code::local when the file
  // cannot be written.
  static Result<std::unique_ptr<Trace>> open(net::Loop& loop, const std::optional<std::string>& where);
  ~Trace();

  // The connection, its stream now traced; `calling` says who began.
  void follow(net::Connection& connection, bool calling, std::uint32_t conversation);
  // Its end, with what the kernel knows of the path; call it while the stream still lives.
  void end(const net::Connection& connection, std::uint32_t conversation, const std::string& how);

 private:
  struct Closer {
    void operator()(std::FILE* file) const;
  };

  Trace(net::Loop& loop, std::FILE* out);
  net::Task<> draw();
  void draw_due(Time now);

  std::FILE* out_ = nullptr;  // null: nothing is traced
  std::unique_ptr<std::FILE, Closer> file_;
  Ladder ladder_;
  tui::LadderText text_;
  net::Event news_;
  net::Scope drawing_;
};

}  // namespace yam::cli
