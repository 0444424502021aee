#include "yam/cli/raw/pipe_view.hpp"

#include "yam/base/quantity.hpp"
#include "yam/base/text.hpp"
#include "yam/cli/raw/raw_view.hpp"
#include "yam/cli/voice.hpp"
#include "yam/tui/json.hpp"

namespace yam::cli {

namespace {

void print(tui::JsonLine& line) {
  std::fputs(line.take().c_str(), stdout);
  std::fflush(stdout);
}

std::string both(const service::PipeConnections& pair) {
  return escaped(pair.left.peer) + " and " + escaped(pair.right.peer);
}

std::string moved(std::uint64_t rightward, std::uint64_t leftward) {
  return print_bytes(rightward) + " left to right, " + print_bytes(leftward) + " right to left";
}

void print_link(const char* way, const ImpairmentCounters& link) {
  tui::JsonLine line;
  line.field("event", "impaired").field("way", way);
  line.field("passed", link.passed).field("lost", link.lost).field("copied", link.copied);
  line.field("reordered", link.reordered).field("overflowed", link.overflowed).field("cut", link.cut);
  line.field("bits_flipped", link.flipped);
  print(line);
}

}  // namespace

void PipeView::listening(const std::string& address) {
  say("listening on " + address);
  if (!json_) return;
  tui::JsonLine line;
  line.field("event", "listening").field("address", address);
  print(line);
}

void PipeView::joined(service::PipeConnections& pair) {
  if (verbose_) say("joined " + words_of(pair.left) + " with " + words_of(pair.right));
  if (json_) {
    tui::JsonLine line;
    line.field("event", "joined").field("pair", pair.number);
    line.field("left", pair.left.peer).field("right", pair.right.peer);
    print(line);
  }
  if (trace_ == nullptr) return;
  trace_->follow(pair.left, false, 2 * pair.number - 1);
  trace_->follow(pair.right, true, 2 * pair.number);
}

void PipeView::ended(const service::PipeConnections& pair, const service::PipeEnd& end) {
  if (trace_ != nullptr) {
    trace_->end(pair.left, 2 * pair.number - 1, end.words());
    trace_->end(pair.right, 2 * pair.number, end.words());
  }
  if (json_) {
    tui::JsonLine line;
    line.field("event", "ended").field("pair", pair.number);
    line.field("left", pair.left.peer).field("right", pair.right.peer).field("how", end.words());
    line.field("left_to_right", end.rightward).field("right_to_left", end.leftward);
    line.field("status", end.fault ? exit_status(end.fault->code) : 0);
    if (end.fault) line.field("code", name_of(end.fault->code));
    print(line);
  }
  if (verbose_ || (end.fault && !one_pair_))
    say(both(pair) + ": " + end.words() + "; " + moved(end.rightward, end.leftward));
}

void PipeView::failed(const std::string& peer, const Error& fault) {
  say(escaped(peer) + ": " + fault.what);
  if (!json_) return;
  tui::JsonLine line;
  line.field("event", "failed").field("peer", peer).field("how", fault.what);
  line.field("status", exit_status(fault.code)).field("code", name_of(fault.code));
  print(line);
}

void PipeView::total(const service::PipeTotals& totals, bool impaired) const {
  const auto& traffic = totals.traffic;
  if (json_) {
    tui::JsonLine line;
    line.field("event", "total").field("connections", totals.connections).field("failures", totals.failures);
    line.field("left_to_right", traffic.rightward).field("right_to_left", traffic.leftward);
    print(line);
    if (impaired) print_link("left to right", traffic.rightward_link);
    if (impaired) print_link("right to left", traffic.leftward_link);
  }
  std::string words = std::to_string(totals.connections);
  words += totals.connections == 1 ? " connection" : " connections";
  if (totals.failures > 0) words += ", " + std::to_string(totals.failures) + " failed";
  say(words + "; " + moved(traffic.rightward, traffic.leftward));
  if (!impaired) return;
  say("left to right: " + traffic.rightward_link.to_string());
  say("right to left: " + traffic.leftward_link.to_string());
}

}  // namespace yam::cli
