#pragma once
// Draws a ladder as text, line by line, so that it can go to stderr while the conversation runs: two
// lifelines, an arrow per event, times since the first one. Details are escaped here; it keeps nothing but
// the time of the start.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "yam/base/ladder.hpp"

namespace yam::tui {

struct LadderStyle {
  std::size_t columns = 80;  // of the terminal; taken between 60 and 120
  bool colour = false;
};

class LadderText {
 public:
  explicit LadderText(LadderStyle style = {});

  // The names above the lifelines. The first head or event is the time 0.
  std::string head(Time when, std::string_view us, std::string_view peer, std::uint32_t conversation = 0);

  // One line with its line end. Conversations other than 0 carry their number.
  std::string line(const LadderEvent& event);

 private:
  std::string margin(Time when, std::uint32_t conversation);
  std::string arrow(std::string_view label, LadderEvent::Actor from) const;
  std::string between(std::string_view text) const;
  std::string coloured(std::string_view text, std::string_view code) const;

  std::size_t arrow_columns_;
  bool colour_;
  std::optional<Time> start_;
};

}  // namespace yam::tui
