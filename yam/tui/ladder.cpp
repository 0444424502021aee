#include "yam/tui/ladder.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "yam/base/quantity.hpp"
#include "yam/base/text.hpp"

namespace yam::tui {
namespace {

using What = LadderEvent::What;
using Actor = LadderEvent::Actor;

constexpr std::size_t columns_min = 60;
constexpr std::size_t columns_max = 120;
constexpr std::size_t columns_around = 33;  // time, lifelines, and the round trip behind them

constexpr std::string_view dim = "2";
constexpr std::string_view red = "31";
constexpr std::string_view green = "32";
constexpr std::string_view cyan = "36";

double milliseconds(auto span) {
  return std::chrono::duration<double, std::milli>(span).count();
}

std::string repeated(std::string_view piece, std::size_t count) {
  std::string out;
  while (count-- > 0)
    out += piece;
  return out;
}

// The beginning of `text` (escaped already) that takes at most `cells`, with an ellipsis where it was cut.
std::string fitted(std::string_view text, std::size_t cells) {
  if (display_width(text) <= cells) return std::string(text);
  std::size_t used = 0;
  std::size_t end = 0;
  while (end < text.size()) {
    const std::size_t length = decode_utf8(text.substr(end)).length;
    const std::size_t width = display_width(text.substr(end, length));
    if (used + width + 1 > cells) break;
    used += width;
    end += length;
  }
  return std::string(text.substr(0, end)) + "…";
}

std::string padded(std::string_view text, std::size_t cells) {
  std::string out = fitted(text, cells);
  return out + repeated(" ", cells - std::min(cells, display_width(out)));
}

std::string amount(const LadderEvent& event) {
  const std::string all = print_bytes(event.bytes);
  if (event.pieces <= 1) return all;
  if (event.piece_bytes == 0) return fmt::format("{} in {} pieces", all, event.pieces);
  return fmt::format("{} × {} = {}", print_bytes(event.piece_bytes), event.pieces, all);
}

std::string label_of(const LadderEvent& event) {
  switch (event.what) {
    case What::connecting:
      return "connect";
    case What::connected:
      return "connected";
    case What::accepted:
      return "accepted";
    case What::tls_ready:
      return "TLS ready";
    case What::sent:
    case What::received:
      return amount(event);
    case What::half_closed:
    case What::peer_half_closed:
      return "half-close";
    case What::closed:
    case What::peer_closed:
      return "close";
    case What::reset:
      return "reset";
    case What::timed_out:
      return "timed out";
    case What::failed:
      return "failed";
    case What::ended:
      return "ended";
    case What::note:
      return event.bytes > 0 && event.detail.empty() ? amount(event) : "";
  }
  return {};
}

std::string ending(const LadderEvent& event) {
  std::string out = "ended: " + escaped(event.detail);
  if (event.totals) {
    out += fmt::format(" · sent {} · received {}", print_bytes(event.totals->sent),
                       print_bytes(event.totals->received));
  }
  if (event.path) {
    out += fmt::format(" · rtt {:.2f} ms · {} retransmitted", milliseconds(event.path->round_trip),
                       event.path->retransmitted);
  }
  return out;
}

bool is_bad(What what) {
  return what == What::reset || what == What::timed_out || what == What::failed;
}

// Those without an arrow happen on one side, or to both.
bool has_arrow(What what) {
  return what != What::timed_out && what != What::failed && what != What::tls_ready;
}

}  // namespace

LadderText::LadderText(LadderStyle style)
    : arrow_columns_(std::clamp(style.columns, columns_min, columns_max) - columns_around),
      colour_(style.colour) {}

std::string LadderText::head(Time when, std::string_view us, std::string_view peer,
                             std::uint32_t conversation) {
  const std::size_t left = arrow_columns_ / 3;
  return margin(when, conversation) + padded(escaped(us), left) + "  " +
         repeated(" ",
                  arrow_columns_ - left - std::min(arrow_columns_ - left, display_width(escaped(peer)))) +
         escaped(peer) + "\n";
}

std::string LadderText::line(const LadderEvent& event) {
  const std::string begin = margin(event.when, event.conversation);
  if (event.what == What::ended) return begin + ending(event) + "\n";

  std::string label = label_of(event);
  if (!event.detail.empty()) label += (label.empty() ? "" : " ") + escaped(event.detail);
  const std::string side = coloured("│", dim);
  const std::string_view tint = is_bad(event.what) ? red : event.from == Actor::us ? green : cyan;
  const std::string rung = has_arrow(event.what) ? arrow(label, event.from) : between(label);
  std::string out = begin + side + coloured(rung, tint) + side;
  if (event.path) out += coloured(fmt::format("  rtt {:.2f} ms", milliseconds(event.path->round_trip)), dim);
  return out + "\n";
}

std::string LadderText::margin(Time when, std::uint32_t conversation) {
  if (!start_) start_ = when;
  std::string out = coloured(fmt::format("{:11.3f} ms", milliseconds(when - *start_)), dim) + "  ";
  if (conversation != 0) out += fmt::format("#{:<4} ", conversation);
  return out;
}

std::string LadderText::arrow(std::string_view label, Actor from) const {
  const std::string text = label.empty() ? "─" : " " + fitted(label, arrow_columns_ - 6) + " ";
  const std::string shaft = repeated("─", arrow_columns_ - 3 - display_width(text));
  return from == Actor::us ? "──" + text + shaft + "▶" : "◀" + shaft + text + "──";
}

std::string LadderText::between(std::string_view text) const {
  return "   " + padded(text, arrow_columns_ - 3);
}

std::string LadderText::coloured(std::string_view text, std::string_view code) const {
  if (!colour_) return std::string(text);
  return fmt::format("\x1b[{}m{}\x1b[0m", code, text);
}

}  // namespace yam::tui
