#include "yam/proto/tftp/sender.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include <fmt/format.h>

namespace yam::proto::tftp {
namespace {

// How many blocks those bytes are, at least one and at most a window.
std::uint16_t blocks_in(std::size_t bytes, const Terms& terms) {
  return static_cast<std::uint16_t>(std::clamp<std::size_t>(bytes / terms.block_bytes, 1, terms.window));
}

}  // namespace

Sender::Sender(Setup setup, Time now)
    : state_(setup.option_ack.empty() ? State::sending : State::awaiting_option_ack),
      rollover_(setup.rollover),
      proved_(setup.proved),
      packet_waits_(!setup.option_ack.empty()),
      block_bytes_(setup.terms.block_bytes),
      window_(setup.terms.window),
      burst_(blocks_in(burst_bytes_first, setup.terms)),
      run_(setup.terms.window),
      patience_(setup.patience),
      proved_silence_(setup.patience.silence_with(setup.terms.timeout)),
      heard_at_(now),
      round_trip_(setup.terms.timeout),
      packet_(std::move(setup.option_ack)) {
  assert(block_bytes_ > 0 && window_ > 0 && window_ <= window_blocks_max);
  if (setup.round_trip) round_trip_.handle_sample(*setup.round_trip);
}

void Sender::handle_packet(ByteView bytes, Time now) {
  if (end_ != End::none) return;
  const Result<Packet> packet = decode(bytes);
  if (packet && std::holds_alternative<Ack>(*packet)) {
    handle_ack(std::get<Ack>(*packet).number, now);
  } else if (packet && std::holds_alternative<ErrorPacket>(*packet)) {
    const auto& error = std::get<ErrorPacket>(*packet);
    statistics_.peer_error = error.code;
    finish(End::peer_error, {Code::refused, "the peer ended it: " + describe(error), {}});
  } else if (packet && std::holds_alternative<Request>(*packet)) {
    handle_request_again(now);
  } else {
    ++statistics_.ignored;
  }
}

void Sender::handle_source(std::uint64_t bytes_ready, bool ended, Time) {
  assert(bytes_ready >= ready_bytes_);
  ready_bytes_ = bytes_ready;
  ready_blocks_ = bytes_ready / block_bytes_;
  // The last block is short: empty, when the size is a multiple (RFC 1350 §6).
  if (ended) last_ = ++ready_blocks_;
}

void Sender::handle_request_again(Time) {
  ++statistics_.requests;
  if (proved_ || end_ != End::none) return;
  answer_due_ = true;
  if (state_ == State::awaiting_option_ack) packet_waits_ = true;
  next_ = 1;
  timed_.reset();
}

void Sender::handle_fault(ErrorCode code, std::string_view text, Time) {
  if (end_ != End::none) return;
  finish(End::stopped, {Code::local, std::string(text), {}});
  say_error(code, text);
}

void Sender::handle_ack(std::uint16_t number, Time now) {
  if (state_ == State::awaiting_option_ack) {
    if (number != 0) return static_cast<void>(++statistics_.ignored);
    state_ = State::sending;
    packet_waits_ = false;
    sample(now);
    resend_at_ = never;
    return prove(now);
  }
  const auto ahead = blocks_ahead(acked_, number, rollover_);
  if (!ahead || *ahead < 0 || (*ahead > 0 && acked_ + static_cast<std::uint64_t>(*ahead) > sent_)) {
    ++statistics_.ignored;
    return;
  }
  if (*ahead > 0) return take_progress(acked_ + static_cast<std::uint64_t>(*ahead), now);

  // Said before. In lock step nothing follows (RFC 1123 §4.2.3.1); in a window it also says that the first
  // block is missing (RFC 7440 §4), unless it is too early to be about this window; also when that was heard
  // and answered, and the answer is lost.
  ++statistics_.duplicates;
  const Duration too_early =
      went_back_ ? round_trip_.timeout_at_first() : round_trip_.smoothed().value_or(Duration::zero()) / 4;
  const bool is_old = now - burst_at_ < too_early || now < went_back_until_;
  const bool is_about_window = probe_ == Probe::sent || (awaiting() && !is_old);
  if (window_ == 1 || !is_about_window) return;
  went_back_ = true;
  ++statistics_.gaps;
  note_loss(false);
  note_run(acked_ - went_back_to_);
  go_back(now);
}

void Sender::take_progress(std::uint64_t block, Time now) {
  prove(now);
  if (timed_ && *timed_ <= block) sample(now);
  round_trip_.handle_progress(now - burst_at_);
  statistics_.blocks = acked_ = block;
  statistics_.bytes = std::min(ready_bytes_, acked_ * block_bytes_);
  went_back_ = false;
  if (last_ && acked_ >= *last_) return finish(End::done, {});
  if (block + 1 >= next_) {
    next_ = block + 1;
    probe_ = Probe::none;
    next_burst_at_ = Time::min();
    resend_at_ = never;  // until the next burst
    return grow();
  }
  // The window has a hole behind this block (RFC 7440 §4). Within a round trip of the last one that may be
  // news from before, of blocks that only changed places, and what fills it is on its way.
  ++statistics_.gaps;
  resend_at_ = due(now, round_trip_.timeout());
  if (now < went_back_until_) return;
  note_loss(false);
  note_run(block - went_back_to_);
  go_back(now);
  resend_at_ = never;
}

// How many blocks come in order between two holes: at 2 % loss about 50, where blocks overtake each other a
// few. To have twice as many on the way brings no more.
void Sender::note_run(std::uint64_t blocks) {
  run_ = static_cast<std::uint16_t>((3U * run_ + std::min<std::uint64_t>(blocks, window_)) / 4);
}

std::uint16_t Sender::flight() const {
  return static_cast<std::uint16_t>(std::clamp(2 * run_, 2, std::max<int>(window_, 2)));
}

void Sender::prove(Time now) {
  proved_ = true;
  tries_ = 0;
  heard_at_ = now;
}

void Sender::sample(Time now) {
  if (timed_) round_trip_.handle_sample(now - timed_at_);
  timed_.reset();
  statistics_.round_trip = round_trip_.smoothed();
}

// Blocks that are sent again are not measured (Karn's rule).
void Sender::go_back(Time now) {
  went_back_until_ = after(now, round_trip_.smoothed().value_or(Duration::zero()));
  probe_ = Probe::none;
  went_back_to_ = acked_;
  next_ = acked_ + 1;
  timed_.reset();
  next_burst_at_ = Time::min();
}

// One hole is chance, more of them a socket that cannot hold the window: smaller bursts, with gaps between.
void Sender::note_loss(bool severe) {
  lossless_ = false;
  if (losses_ < 255) ++losses_;
  if (losses_ < 2 && !severe) return;
  const auto floor = std::min<std::size_t>(std::max<std::size_t>(window_ / 8U, 1),
                                           std::max<std::size_t>(burst_bytes_floor / block_bytes_, 1));
  burst_ = static_cast<std::uint16_t>(std::max<std::size_t>(floor, burst_ / 2));
}

void Sender::grow() {
  losses_ = 0;
  note_run(window_);
  const int step = lossless_ ? burst_ : std::max(window_ / 8, 1);
  burst_ = static_cast<std::uint16_t>(std::min<int>(window_, burst_ + step));
}

Duration Sender::silence() const {
  return proved_ ? proved_silence_ : patience_.silence;
}

Time Sender::due(Time now, Duration wait) const {
  return std::min(after(now, wait), after(heard_at_, silence()));
}

void Sender::handle_timeout(Time now) {
  if (end_ != End::none || now < resend_at_) return;
  ++tries_;
  ++statistics_.timeouts;
  round_trip_.handle_timeout();
  if (now - heard_at_ >= silence()) {
    if (!proved_) return finish(End::silent, {Code::timeout, "no ACK ever came", {}});
    finish(End::silent,
           {Code::timeout, fmt::format("gave up at block {} after {} tries", acked_ + 1, tries_), {}});
    return say_error(ErrorCode::undefined, error_.what);
  }
  resend_at_ = due(now, round_trip_.timeout());
  if (!proved_) return;  // whoever asked has had its answer, and may ask again
  note_loss(true);
  go_back(now);
  // Whoever was silent after a whole window is not sent another: the block that ends it makes a receiver say
  // how far it came (RFC 7440 §4).
  if (tries_ > 1 && window_ > 1) probe_ = Probe::due;
}

std::optional<Sender::Output> Sender::poll_output(Time now) {
  if (packet_waits_) {
    packet_waits_ = false;
    if (end_ == End::none) {  // the OACK
      if (statistics_.requests == 1) {
        timed_ = 0;
        timed_at_ = now;
      }
      resend_at_ = due(now, round_trip_.timeout());
    }
    return ByteView(packet_);
  }
  if (state_ != State::sending || (!proved_ && !answer_due_)) return std::nullopt;
  if (probe_ == Probe::sent) return std::nullopt;
  if (probe_ == Probe::due) {
    probe_ = Probe::sent;
    ++statistics_.retransmissions;
    burst_at_ = now;
    return Burst{std::min(sent_, window_end()), 1, 1};
  }
  const std::uint64_t end = window_end();
  if (next_ > end || now < next_burst_at_) return std::nullopt;
  if (!proved_) answer_due_ = false;
  if (next_ > sent_ && next_ == acked_ + 1) heard_at_ = std::max(heard_at_, now);  // nobody was asked before

  const std::uint16_t most = std::min(burst_, flight());
  Burst burst{next_, static_cast<std::uint32_t>(std::min<std::uint64_t>(end - next_ + 1, most)), 0};
  if (next_ <= sent_)
    burst.again = static_cast<std::uint32_t>(std::min<std::uint64_t>(sent_ - next_ + 1, burst.blocks));
  statistics_.retransmissions += burst.again;
  next_ += burst.blocks;
  const bool fills = next_ > acked_ + window_ || (last_ && next_ > *last_);
  if (fills && next_ - 1 > sent_ && !timed_) {  // its last block, which asks for the ACK, goes out once
    timed_ = next_ - 1;
    timed_at_ = now;
  }
  sent_ = std::max(sent_, next_ - 1);
  burst_at_ = now;
  if (most < window_) {
    const Duration round_trip = round_trip_.smoothed().value_or(Duration::zero());
    const Duration longest = flight() < window_ ? std::max(round_trip, burst_gap_max) : burst_gap_max;
    next_burst_at_ = after(now, std::clamp(round_trip * most / flight(), burst_gap_min, longest));
  }
  // In a window the receiver's own timer speaks first, and says how far it came.
  const Duration wait = round_trip_.timeout();
  resend_at_ = due(now, window_ > 1 ? std::min(wait * 3 / 2, round_trip_.longest()) : wait);
  return burst;
}

Time Sender::deadline() const {
  if (end_ != End::none) return never;
  const bool paced = state_ == State::sending && proved_ && probe_ == Probe::none && next_ <= window_end();
  return paced ? std::min(resend_at_, std::max(next_burst_at_, burst_at_)) : resend_at_;
}

BlockRange Sender::range(std::uint64_t block) const {
  const std::uint64_t offset = (block - 1) * block_bytes_;
  return {offset, static_cast<std::size_t>(std::min<std::uint64_t>(block_bytes_, ready_bytes_ - offset))};
}

bool Sender::awaiting() const {
  return next_ > acked_ + 1;
}

std::uint64_t Sender::window_end() const {
  return std::min(acked_ + window_, ready_blocks_);
}

void Sender::finish(End end, Error error) {
  end_ = end;
  error_ = std::move(error);
  state_ = State::ended;
  packet_waits_ = false;
}

void Sender::say_error(ErrorCode code, std::string_view text) {
  write_error(packet_, code, text);
  packet_waits_ = true;
}

}  // namespace yam::proto::tftp
