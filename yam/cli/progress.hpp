#pragma once
// One line on stderr that says how far a transfer is, or several, drawn anew a few times a second, and gone
// at the end. Nothing where stderr is no terminal.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "yam/net/loop/scope.hpp"

namespace yam::cli {

class Progress {
 public:
  static constexpr Duration pause = std::chrono::milliseconds(200);

  struct Amount {
    std::string name;  // of what; escaped here
    std::uint64_t bytes = 0;
    std::optional<std::uint64_t> of = {};
  };
  // `look` is asked until this goes.
  Progress(net::Loop& loop, bool wanted, std::function<Amount()> look);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // Before something else is said there.
  void erase();

 private:
  net::Task<> draw();

  net::Loop& loop_;
  std::function<Amount()> look_;
  bool drawn_ = false;
  net::Scope drawing_;
};

}  // namespace yam::cli
