#pragma once
// What is wrong with a link, as a person writes it: loss=2%,delay=50ms±20ms,copy=1%,rate=1MB/s,seed=7. Only
// the wish; impairment.hpp carries it out.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "yam/base/quantity.hpp"
#include "yam/base/result.hpp"
#include "yam/base/time.hpp"

namespace yam {

inline constexpr std::size_t impairment_text_bytes_max = 512;

struct ImpairmentPlan {
  double loss = 0;     // of a datagram that it never arrives
  double copy = 0;     // of a datagram that it arrives twice
  double reorder = 0;  // of a datagram that those behind it overtake it
  double flip = 0;     // of a bit that it arrives inverted, datagrams and streams
  Duration delay{};    // one way
  Duration jitter{};   // the delay varies evenly by this much both ways; never more than the delay
  std::optional<Rate> rate;
  std::optional<std::uint64_t> cut_bytes;  // nothing passes after so many
  bool reset = false;                      // a stream that is cut ends in a reset instead of cleanly
  std::optional<std::uint64_t> seed;       // absent: whoever runs the plan picks one and prints it

  // Names and values with commas between, in any order, each once; "+-" for "±", and the word "reset". Errors
  // are Code::usage and name the column.
  static Result<ImpairmentPlan> parse(std::string_view text);

  // In one fixed order, without what is off; parses back to the same value.
  std::string to_string() const;

  // Does it ask for something that only datagrams suffer (loss, copy, reorder)?
  bool only_for_datagrams() const { return loss > 0 || copy > 0 || reorder > 0; }

  bool operator==(const ImpairmentPlan&) const = default;
};

}  // namespace yam
