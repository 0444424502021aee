#include "yam/base/impairment_plan.hpp"

#include <algorithm>
#include <charconv>
#include <vector>

#include "yam/base/address/typed.hpp"
#include "yam/base/text.hpp"

namespace yam {
namespace {

constexpr std::string_view names[] = {"loss", "delay", "copy",  "reorder", "rate",
                                      "flip", "cut",   "reset", "seed"};

// A quantity's own fault, placed in what was typed.
template <class T>
Result<> read_into(T& into, Typed text, const auto& quantity) {
  if (!quantity) return text.refuse(quantity.error().what, quantity.error().hint);
  into = *quantity;
  return {};
}

Result<> read_delay(ImpairmentPlan& plan, Typed text) {
  std::size_t sign_bytes = 2;  // both "±" in UTF-8 and "+-"
  std::size_t sign = std::min(text.text().find("±"), text.text().find("+-"));
  if (sign == std::string_view::npos) sign = text.size(), sign_bytes = 0;
  const Typed middle = text.first(sign);
  const Typed spread = text.from(sign + sign_bytes);
  if (const auto done = read_into(plan.delay, middle, parse_duration(middle.text())); !done) return done;
  if (sign_bytes == 0) return {};
  if (const auto done = read_into(plan.jitter, spread, parse_duration(spread.text())); !done) return done;
  if (plan.jitter > plan.delay) return spread.refuse("a delay cannot vary by more than itself");
  return {};
}

Result<> read_seed(ImpairmentPlan& plan, Typed text) {
  std::uint64_t seed = 0;
  const char* end = text.text().data() + text.size();
  const auto read = std::from_chars(text.text().data(), end, seed);
  if (read.ec != std::errc() || read.ptr != end) {
    return text.refuse(quoted(text.text()) + " is no seed",
                       "a seed is a number from 0 to 18446744073709551615");
  }
  plan.seed = seed;
  return {};
}

Result<> read_value(ImpairmentPlan& plan, std::string_view name, Typed value) {
  const std::string_view text = value.text();
  if (name == "loss") return read_into(plan.loss, value, parse_probability(text));
  if (name == "copy") return read_into(plan.copy, value, parse_probability(text));
  if (name == "reorder") return read_into(plan.reorder, value, parse_probability(text));
  if (name == "flip") return read_into(plan.flip, value, parse_probability(text));
  if (name == "rate") return read_into(plan.rate, value, parse_rate(text));
  if (name == "cut") return read_into(plan.cut_bytes, value, parse_bytes(text));
  if (name == "delay") return read_delay(plan, value);
  return read_seed(plan, value);
}

Result<> read_piece(ImpairmentPlan& plan, std::vector<std::string_view>& seen, Typed piece) {
  const Typed::Cut pair = piece.cut('=');
  const std::string_view name = pair.before.text();
  if (name.empty()) return piece.refuse("an impairment without a name");
  if (std::ranges::find(names, name) == std::end(names)) {
    std::string hint = "known are loss, delay, copy, reorder, rate, flip, cut, reset, seed";
    if (const auto meant = nearest(name, names)) hint = "did you mean " + quoted(*meant) + "?";
    return piece.refuse("no impairment " + quoted(name), std::move(hint));
  }
  if (std::ranges::find(seen, name) != seen.end()) return piece.refuse(quoted(name) + " stands twice");
  seen.push_back(name);
  if (name == "reset") {
    plan.reset = true;
    return pair.after ? pair.after->refuse("\"reset\" takes no value") : Result<>();
  }
  if (!pair.after || pair.after->empty())
    return pair.after.value_or(piece.end()).refuse(quoted(name) + " needs a value");
  return read_value(plan, name, *pair.after);
}

std::string without_spaces(std::string text) {
  std::erase(text, ' ');
  return text;
}

// The short form where it says the same, else the exact count of the smallest unit.
std::string exact_duration(Duration span) {
  const std::string text = without_spaces(print_duration(span));
  if (parse_duration(text) == span) return text;
  return std::to_string(std::chrono::nanoseconds(span).count()) + "ns";
}

std::string exact_bytes(std::uint64_t bytes) {
  const std::string text = without_spaces(print_bytes(bytes));
  return parse_bytes(text) == bytes ? text : std::to_string(bytes) + "B";
}

std::string exact_rate(Rate rate) {
  const std::string text = without_spaces(print_rate(rate));
  return parse_rate(text) == rate ? text : std::to_string(rate.bytes_per_second) + "B/s";
}

}  // namespace

Result<ImpairmentPlan> ImpairmentPlan::parse(std::string_view typed) {
  const Typed text(typed);
  if (const auto line = check_line(text, impairment_text_bytes_max); !line) return fail(line.error());
  ImpairmentPlan plan;
  std::vector<std::string_view> seen;
  for (std::optional<Typed> rest = text; rest;) {
    const Typed::Cut piece = rest->cut(',');
    rest = piece.after;
    if (const auto done = read_piece(plan, seen, piece.before); !done) return fail(done.error());
  }
  if (plan.reset && !plan.cut_bytes) return text.refuse("\"reset\" needs a cut", "cut=64KiB,reset");
  return plan;
}

std::string ImpairmentPlan::to_string() const {
  std::string out;
  const auto add = [&out](std::string_view name, const std::string& value) {
    if (!out.empty()) out += ',';
    out += name;
    out += value;
  };
  if (loss > 0) add("loss=", print_probability(loss));
  if (delay > Duration::zero()) {
    add("delay=", exact_duration(delay) + (jitter > Duration::zero() ? "±" + exact_duration(jitter) : ""));
  }
  if (copy > 0) add("copy=", print_probability(copy));
  if (reorder > 0) add("reorder=", print_probability(reorder));
  if (rate) add("rate=", exact_rate(*rate));
  if (flip > 0) add("flip=", print_probability(flip));
  if (cut_bytes) add("cut=", exact_bytes(*cut_bytes));
  if (reset) add("reset", "");
  if (seed) add("seed=", std::to_string(*seed));
  return out.empty() ? "loss=0" : out;  // a plan that asks for nothing has to read back too
}

}  // namespace yam
