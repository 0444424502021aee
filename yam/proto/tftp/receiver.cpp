#include "yam/proto/tftp/receiver.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include <fmt/format.h>

namespace yam::proto::tftp {
namespace {

constexpr std::uint64_t rolled_over = 65536;  // the first block whose number a sender chooses

}  // namespace

Receiver::Receiver(Setup setup, Time now)
    : proved_(setup.proved),
      block_bytes_(setup.terms.block_bytes),
      window_(setup.terms.window),
      patience_(setup.patience),
      proved_silence_(setup.patience.silence_with(setup.terms.timeout)),
      heard_at_(now),
      round_trip_(setup.terms.timeout),
      packet_(std::move(setup.option_ack)) {
  assert(block_bytes_ > 0 && window_ > 0 && window_ <= window_blocks_max);
  if (setup.round_trip) round_trip_.handle_sample(*setup.round_trip);
  if (setup.answers) waiting_ = packet_.empty() ? Waiting::ack : Waiting::option_ack;
  due_at_ = due(now, round_trip_.timeout());
}

void Receiver::handle_packet(ByteView bytes, Time now) {
  data_.reset();
  if (state_ == State::gone || (end_ != End::none && end_ != End::done)) return;
  const Result<Packet> packet = decode(bytes);
  if (packet && std::holds_alternative<Data>(*packet)) {
    handle_data(std::get<Data>(*packet), now);
  } else if (packet && std::holds_alternative<ErrorPacket>(*packet) && state_ == State::receiving) {
    const auto& error = std::get<ErrorPacket>(*packet);
    statistics_.peer_error = error.code;
    finish(End::peer_error, {Code::refused, "the peer ended it: " + describe(error), {}});
  } else if (packet && std::holds_alternative<Request>(*packet)) {
    handle_request_again(now);
  } else if (packet && std::holds_alternative<OptionAck>(*packet) && wanted_ == 1 && proved_) {
    ++statistics_.duplicates;  // the OACK again: our ACK 0 was lost (RFC 2347)
    ask_again();
  } else {
    ++statistics_.ignored;
  }
}

void Receiver::handle_data(const Data& data, Time now) {
  const auto ahead = ahead_of_wanted(data.number);
  if (!ahead || *ahead > window_) return static_cast<void>(++statistics_.ignored);
  proved_ = true;
  if (*ahead == 0 && state_ == State::receiving) return take(data, now);
  if (*ahead > 0 && state_ == State::receiving) {
    if (gap_asked_) return;
    gap_asked_ = true;
    ++statistics_.gaps;
    ask_again();
  } else {
    ++statistics_.duplicates;
    if (state_ == State::dallying) due_at_ = after(now, dally());
    // The last one that came, again: its acknowledgement may be lost. While the file is being saved there is
    // nothing to say yet.
    if (*ahead == -1 && wanted_ - 1 == acked_ && state_ != State::complete) ask_again();
  }
}

// How far the block with that number is from the one in turn. At the first rollover the sender shows which
// number it goes on with: 0, or (in lock step at once) 1. In a window a number 1 may also follow a lost 0;
// but no sender goes further than a window beyond our last ACK, which was for block 65535 at most, so number
// `window` tells.
std::optional<std::int32_t> Receiver::ahead_of_wanted(std::uint16_t number) {
  if (!rollover_ && wanted_ == rolled_over) {
    if (number == 0) rollover_ = Rollover::to_zero;
    if (number == window_) rollover_ = Rollover::to_one;
    if (number == 1 && std::exchange(doubts_, false) && ++rollover_doubts_ >= rollover_doubts_max)
      rollover_ = Rollover::to_one;
  }
  return blocks_ahead(wanted_, number, rollover_.value_or(Rollover::to_zero));
}

void Receiver::take(const Data& data, Time now) {
  if (data.bytes.size() > block_bytes_) {
    finish(End::broken, {Code::protocol,
                         fmt::format("block {} has {} bytes, though {} were agreed", wanted_,
                                     data.bytes.size(), block_bytes_),
                         {}});
    return say_error(ErrorCode::illegal_operation, error_.what);
  }
  if (asked_at_ && wanted_ == acked_ + 1) round_trip_.handle_sample(now - *asked_at_);
  round_trip_.handle_progress(now - said_at_);
  asked_at_.reset();
  statistics_.round_trip = round_trip_.smoothed();
  statistics_.blocks = wanted_++;
  statistics_.bytes += data.bytes.size();
  data_ = data.bytes;
  gap_asked_ = false;
  tries_ = 0;
  heard_at_ = now;
  due_at_ = due(now, round_trip_.timeout());
  waiting_ = Waiting::nothing;
  if (data.bytes.size() < block_bytes_) {
    state_ = State::complete;
  } else if (wanted_ - 1 - acked_ >= window_) {
    acknowledge();
  }
}

void Receiver::acknowledge() {
  acked_ = wanted_ - 1;
  waiting_ = Waiting::ack;
  again_ = false;
}

// The last block in order, so that the sender goes on behind it.
void Receiver::ask_again() {
  const bool repeats = acked_ == wanted_ - 1;
  acknowledge();
  again_ = repeats;
  asked_at_.reset();
}

void Receiver::handle_request_again(Time) {
  ++statistics_.requests;
  if (proved_ || end_ != End::none) return;
  waiting_ = packet_.empty() ? Waiting::ack : Waiting::option_ack;
  asked_at_.reset();
}

void Receiver::handle_saved(Time now) {
  assert(state_ == State::complete);
  state_ = State::dallying;
  end_ = End::done;
  acknowledge();
  due_at_ = after(now, dally());
}

void Receiver::handle_fault(ErrorCode code, std::string_view text, Time) {
  if (end_ != End::none) return;
  finish(End::stopped, {Code::local, std::string(text), {}});
  say_error(code, text);
}

Duration Receiver::silence() const {
  return proved_ ? proved_silence_ : patience_.silence;
}

Duration Receiver::dally() const {
  if (patience_.dally_timeouts == 0) return patience_.dally;
  return std::min(patience_.dally, round_trip_.timeout_at_first() * patience_.dally_timeouts);
}

Time Receiver::due(Time now, Duration wait) const {
  return std::min(after(now, wait), after(heard_at_, silence()));
}

void Receiver::handle_timeout(Time now) {
  if (now < due_at_ || state_ == State::complete || state_ == State::gone) return;
  if (state_ == State::dallying) {
    state_ = State::gone;
    return;
  }
  ++tries_;
  ++statistics_.timeouts;
  round_trip_.handle_timeout();
  if (now - heard_at_ >= silence()) {
    if (!proved_) return finish(End::silent, {Code::timeout, "no DATA ever came", {}});
    finish(End::silent,
           {Code::timeout, fmt::format("gave up waiting for block {} after {} tries", wanted_, tries_), {}});
    return say_error(ErrorCode::undefined, error_.what);
  }
  due_at_ = due(now, round_trip_.timeout());
  if (proved_) ask_again();  // else: whoever asked has had its answer, and may ask again
}

std::optional<ByteView> Receiver::poll_data() {
  return std::exchange(data_, std::nullopt);
}

std::optional<ByteView> Receiver::poll_packet(Time now) {
  const Waiting waiting = std::exchange(waiting_, Waiting::nothing);
  if (waiting == Waiting::nothing) return std::nullopt;
  if (waiting == Waiting::error) return ByteView(packet_);
  if (waiting == Waiting::ack) write_ack(packet_, wire_number(acked_, rollover_.value_or(Rollover::to_zero)));
  if (again_) ++statistics_.retransmissions;
  said_at_ = now;
  if (!again_ && (statistics_.requests == 1 || wanted_ > 1)) asked_at_ = now;
  again_ = true;  // unless acknowledge() says otherwise
  doubts_ = true;
  if (state_ == State::receiving) due_at_ = due(now, round_trip_.timeout());
  return ByteView(packet_);
}

Time Receiver::deadline() const {
  return state_ == State::complete || state_ == State::gone ? never : due_at_;
}

void Receiver::finish(End end, Error error) {
  end_ = end;
  error_ = std::move(error);
  state_ = State::gone;
  waiting_ = Waiting::nothing;
}

void Receiver::say_error(ErrorCode code, std::string_view text) {
  write_error(packet_, code, text);
  waiting_ = Waiting::error;
}

}  // namespace yam::proto::tftp
