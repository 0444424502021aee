#include "yam/proto/tftp/observer.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "yam/proto/tftp/options.hpp"

namespace yam::proto::tftp {

namespace {

constexpr std::uint64_t last_before_rollover = 65535;

std::string words_of(const OptionTexts& options) {
  std::string words;
  for (const OptionText& option : options)
    words += fmt::format(" {}={}", option.name, option.value);
  return words;
}

std::string range_words(std::uint64_t first, std::uint64_t last) {
  return first == last ? fmt::format("{}", first) : fmt::format("{}–{}", first, last);
}

}  // namespace

void Observer::handle_packet(Actor from, ByteView head, std::size_t packet_bytes, Time now) {
  const auto decoded = decode(head);
  if (!decoded)
    return push(from, fmt::format("malformed, {} B: {}", packet_bytes, decoded.error().what), now);
  if (const auto* data = std::get_if<Data>(&*decoded))
    return handle_data(from, data->number, packet_bytes - header_bytes, now);
  if (const auto* ack = std::get_if<Ack>(&*decoded)) return handle_ack(from, *ack, now);
  if (const auto* request = std::get_if<Request>(&*decoded)) return handle_request(from, *request, now);
  if (const auto* option_ack = std::get_if<OptionAck>(&*decoded))
    return handle_option_ack(from, *option_ack, now);
  handle_error(from, std::get<ErrorPacket>(*decoded), now);
}

void Observer::handle_end() {
  finish_run();
}

std::optional<LadderEvent> Observer::poll_event() {
  if (ready_.empty()) return std::nullopt;
  LadderEvent event = std::move(ready_.front());
  ready_.pop_front();
  return event;
}

void Observer::handle_request(Actor from, const Request& request, Time now) {
  std::string words = fmt::format("{} {} {}{}", request.write ? "WRQ" : "RRQ", request.name,
                                  name_of(request.mode), words_of(request.options));
  const bool repeats = words == request_;
  request_ = words;
  push(from, repeats ? words + " again" : std::move(words), now);
}

void Observer::handle_option_ack(Actor from, const OptionAck& ack, Time now) {
  const Options granted = read_options(ack.options);
  block_bytes_ = granted.block_bytes.value_or(block_bytes_default);
  window_ = granted.window.value_or(1);
  std::string words = "OACK" + words_of(ack.options);
  const bool repeats = words == option_ack_;
  option_ack_ = words;
  push(from, repeats ? words + " again" : std::move(words), now);
}

void Observer::handle_data(Actor from, std::uint16_t number, std::size_t bytes, Time now) {
  Run one;
  const std::uint64_t block = block_of_data(number);
  if (block > top_ + 1) one.missing = Blocks{top_ + 1, block - 1};
  one.from = from;
  one.kind = take(from, block);
  one.blocks = {block, block};
  one.bytes = one.piece_bytes = one.last_bytes = bytes;
  one.ends = bytes < block_bytes_;
  one.when = now;
  if (!run_ || !joins_run(one)) {
    finish_run();
    run_ = one;
    return;
  }
  if (run_->last_bytes != run_->piece_bytes) run_->is_even = false;
  if (one.kind == Kind::again) run_->kind = Kind::again;
  run_->blocks.last = block;
  run_->ends = one.ends;
  run_->last_bytes = one.last_bytes;
  run_->bytes += one.bytes;
  ++run_->pieces;
}

// What was lost and what came behind it are sent again together.
bool Observer::joins_run(const Run& one) const {
  const bool is_alike = one.kind == run_->kind || (run_->kind == Kind::late && one.kind == Kind::again);
  return is_alike && one.from == run_->from && one.blocks.first == run_->blocks.last + 1 && !one.missing &&
         one.when - run_->when < ladder_run_max;
}

Observer::Kind Observer::take(Actor from, std::uint64_t block) {
  const bool had_it = block <= in_order_;
  if (block == in_order_ + 1) in_order_ = block;
  if (block > top_) {
    if (block > top_ + 1) {
      if (holes_.size() == holes_max) holes_.erase(holes_.begin());
      holes_.push_back({top_ + 1, block - 1});
    }
    top_ = block;
    return Kind::fresh;
  }
  if (fill_hole(block)) return Kind::late;
  return from == Actor::peer && had_it ? Kind::twice : Kind::again;
}

bool Observer::fill_hole(std::uint64_t block) {
  const auto hole = std::find_if(holes_.begin(), holes_.end(), [&](const Blocks& each) {
    return each.first <= block && block <= each.last;
  });
  if (hole == holes_.end()) return false;
  const Blocks before{hole->first, block - 1}, behind{block + 1, hole->last};
  const bool is_split = before.first <= before.last && behind.first <= behind.last;
  if (is_split && holes_.size() < holes_max) {
    *hole = before;
    holes_.insert(hole + 1, behind);
  } else if (before.first <= before.last) {
    *hole = before;
  } else if (behind.first <= behind.last) {
    *hole = behind;
  } else {
    holes_.erase(hole);
  }
  return true;
}

// The nearest block of that number. Behind 65535 comes 0 or 1: in lock step the first one shows which.
std::uint64_t Observer::block_of_data(std::uint16_t number) {
  if (!rollover_ && number == 0) rollover_ = Rollover::to_zero;
  if (!rollover_ && number == 1 && top_ == last_before_rollover && window_ == 1) rollover_ = Rollover::to_one;
  const auto ahead = blocks_ahead(top_, number, rollover_.value_or(Rollover::to_zero));
  return top_ + static_cast<std::uint64_t>(static_cast<std::int64_t>(ahead.value_or(0)));
}

// In a window, an acknowledgement beyond 65535 shows it: nobody has block 65536 whose number 0 never came.
std::uint64_t Observer::block_of_ack(std::uint16_t number) {
  const auto ahead = blocks_ahead(top_, number, rollover_.value_or(Rollover::to_zero));
  std::uint64_t block = top_ + static_cast<std::uint64_t>(static_cast<std::int64_t>(ahead.value_or(0)));
  if (!rollover_ && block > last_before_rollover) {
    rollover_ = Rollover::to_one;
    in_order_ = --top_;
    holes_.clear();
    --block;
  }
  return block;
}

void Observer::handle_ack(Actor from, const Ack& ack, Time now) {
  const std::uint64_t block = block_of_ack(ack.number);
  const std::uint64_t window_end = acked_.value_or(0) + window_;
  const bool repeats = acked_ == block;
  // Of what we sent, something behind it did not arrive; where we receive, we have seen what is behind it.
  const bool is_early = from == Actor::peer ? !repeats && block != window_end : true;
  const bool has_gap = block < top_ && is_early && (!acked_ || block >= *acked_);
  std::string words = fmt::format("ACK {}", block);
  if (repeats) words += " again";
  if (acked_ && block < *acked_) words += " late";
  if (has_gap) words += fmt::format(": a gap behind block {}", block);
  acked_ = std::max(acked_.value_or(0), block);
  push(from, std::move(words), now);
}

void Observer::handle_error(Actor from, const ErrorPacket& error, Time now) {
  push(from,
       error.text.empty() ? fmt::format("ERROR {}: {}", error.code, tftp::words_of(error.code))
                          : fmt::format("ERROR {}: {}", error.code, error.text),
       now);
}

void Observer::finish_run() {
  if (!run_) return;
  const Run run = *std::exchange(run_, std::nullopt);
  std::string words = "DATA " + range_words(run.blocks.first, run.blocks.last);
  if (run.kind == Kind::late) words += " late";
  if (run.kind == Kind::again) words += " again";
  if (run.kind == Kind::twice) words += " twice";
  if (run.ends) words += ", the last";
  const std::uint64_t even = run.last_bytes == run.piece_bytes ? run.pieces : run.pieces - 1;
  if (!run.is_even) {
    words += fmt::format(" ({} bytes)", run.bytes);
  } else {
    words +=
        even > 1 ? fmt::format(" ({} × {}", even, run.piece_bytes) : fmt::format(" ({}", run.piece_bytes);
    words += even < run.pieces ? fmt::format(" + {})", run.last_bytes) : ")";
  }
  if (run.missing) words += fmt::format(": {} missing", range_words(run.missing->first, run.missing->last));
  push(run.from, std::move(words), run.when, run.bytes, run.pieces);
}

void Observer::push(Actor from, std::string words, Time now, std::uint64_t bytes, std::uint64_t pieces) {
  finish_run();
  LadderEvent event;
  event.when = now;
  event.conversation = conversation_;
  event.from = from;
  event.bytes = bytes;
  event.pieces = pieces;
  event.detail = std::move(words);
  ready_.push_back(std::move(event));
}

}  // namespace yam::proto::tftp
