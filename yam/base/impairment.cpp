#include "yam/base/impairment.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace yam {
namespace {

constexpr std::size_t piece_bytes_max = 16 << 10;
constexpr std::size_t piece_bytes_min = 64;
constexpr std::uint64_t pieces_a_second = 100;  // a slow stream drips instead of coming in lumps
constexpr std::uint64_t ns_per_second = 1'000'000'000;

// The chance that at least one of eight bits is hit.
double damaged_byte(double flip) {
  const double whole = 1 - flip;
  const double two = whole * whole;
  const double four = two * two;
  return 1 - four * four;
}

// Seeds and lanes are often small neighbours; one round of the generator sets them apart.
Random random_for(const ImpairmentPlan& plan, std::uint64_t lane, std::uint64_t purpose) {
  const std::uint64_t seed = Random(plan.seed.value_or(0)).next();
  return Random(Random(seed ^ lane).next() ^ purpose);
}

// What of `bytes` comes before the cut, when `before` bytes have passed already.
std::size_t uncut(const ImpairmentPlan& plan, std::uint64_t before, std::size_t bytes) {
  if (!plan.cut_bytes) return bytes;
  const std::uint64_t left = *plan.cut_bytes - std::min(*plan.cut_bytes, before);
  return static_cast<std::size_t>(std::min<std::uint64_t>(bytes, left));
}

}  // namespace

ImpairedWire::ImpairedWire(const ImpairmentPlan& plan, std::uint64_t lane)
    : delay_(plan.delay),
      jitter_(plan.jitter),
      rate_(plan.rate),
      damaged_byte_(damaged_byte(plan.flip)),
      fates_(random_for(plan, lane, 1)),
      flips_(random_for(plan, lane, 2)) {
  assert(!rate_ || rate_->bytes_per_second > 0);
}

Time ImpairedWire::carry(std::size_t bytes, Time now) {
  if (!rate_) return now;
  const std::uint64_t rate = rate_->bytes_per_second;
  const std::uint64_t span_ns = (bytes * ns_per_second + rate - 1) / rate;
  free_at_ = after(std::max(free_at_, now), std::chrono::nanoseconds(span_ns));
  return free_at_;
}

Duration ImpairedWire::delay() {
  const Duration varied = delay_ + Duration(fates_.within(jitter_.count()));
  return std::max(varied, Duration::zero());
}

std::uint64_t ImpairedWire::damage(ByteSpan bytes) {
  if (damaged_byte_ <= 0) return 0;
  std::uint64_t flipped = 0;
  for (std::byte& byte : bytes) {
    const std::uint64_t number = flips_.next();
    if (static_cast<double>(number >> 11) * 0x1p-53 >= damaged_byte_) continue;
    byte ^= std::byte{1} << (number & 7);  // the low bits took no part in the choice
    ++flipped;
  }
  return flipped;
}

DatagramImpairment::DatagramImpairment(const ImpairmentPlan& plan, std::uint64_t lane)
    : plan_(plan), wire_(plan, lane) {}

void DatagramImpairment::handle_datagram(ByteView datagram, Time now) {
  // Each datagram takes the same five numbers, whatever the plan asks for: to change one fault leaves the
  // others where they were.
  const bool lost = wire_.chance(plan_.loss);
  const bool copied = wire_.chance(plan_.copy);
  const bool reordered = wire_.chance(plan_.reorder);
  const Duration delay = wire_.delay();
  const Duration copy_delay = wire_.delay();
  Bytes bytes = copy_of(datagram);
  const std::uint64_t flipped = wire_.damage(bytes);

  const bool whole = uncut(plan_, offered_bytes_, datagram.size()) == datagram.size();
  offered_bytes_ += datagram.size();
  if (!whole) {
    ++counters_.cut;
    return;
  }
  if (lost) {
    ++counters_.lost;
    return;
  }
  if (in_flight_.size() >= impaired_datagrams_max || in_flight_bytes_ + bytes.size() > impaired_bytes_max) {
    ++counters_.overflowed;
    return;
  }
  counters_.flipped += flipped;
  const Time out = wire_.carry(bytes.size(), now);
  if (reordered) ++counters_.reordered;
  if (copied && in_flight_.size() + 1 < impaired_datagrams_max) {
    ++counters_.copied;
    launch(bytes, after(out, copy_delay));
  }
  launch(std::move(bytes), after(out, delay + (reordered ? reorder_hold : Duration::zero())));
}

void DatagramImpairment::launch(Bytes bytes, Time due) {
  in_flight_bytes_ += bytes.size();
  in_flight_.push_back({due, numbers_++, std::move(bytes)});
  std::ranges::push_heap(in_flight_, &InFlight::leaves_after);
}

std::optional<Bytes> DatagramImpairment::poll_datagram(Time now) {
  if (in_flight_.empty() || in_flight_.front().due > now) return std::nullopt;
  std::ranges::pop_heap(in_flight_, &InFlight::leaves_after);
  Bytes bytes = std::move(in_flight_.back().bytes);
  in_flight_.pop_back();
  in_flight_bytes_ -= bytes.size();
  ++counters_.passed;
  return bytes;
}

Time DatagramImpairment::next_due() const {
  return in_flight_.empty() ? never : in_flight_.front().due;
}

bool DatagramImpairment::InFlight::leaves_after(const InFlight& other) const {
  return std::pair(due, number) > std::pair(other.due, other.number);
}

StreamImpairment::StreamImpairment(const ImpairmentPlan& plan, std::uint64_t lane)
    : plan_(plan), wire_(plan, lane), piece_bytes_max_(piece_bytes_max) {
  if (!plan.rate) return;
  const std::uint64_t drip = plan.rate->bytes_per_second / pieces_a_second;
  piece_bytes_max_ =
      static_cast<std::size_t>(std::clamp<std::uint64_t>(drip, piece_bytes_min, piece_bytes_max));
}

std::size_t StreamImpairment::room() const {
  return in_flight_.size() < impaired_pieces_max ? impaired_stream_bytes_max - in_flight_bytes_ : 0;
}

std::size_t StreamImpairment::handle_bytes(ByteView bytes, Time now) {
  const std::size_t passing = ending_ ? 0 : uncut(plan_, taken_bytes_, bytes.size());
  const std::size_t taken = std::min(passing, room());
  taken_bytes_ += taken;
  for (ByteView rest = bytes.first(taken); !rest.empty();) {
    const ByteView piece = rest.first(std::min(rest.size(), piece_bytes_max_));
    rest = rest.subspan(piece.size());
    Bytes copy = copy_of(piece);
    counters_.flipped += wire_.damage(copy);
    in_flight_bytes_ += copy.size();
    in_flight_.push_back({due_for(copy.size(), now), std::move(copy)});
  }
  if (taken < passing) return taken;
  const bool at_cut = plan_.cut_bytes && taken_bytes_ >= *plan_.cut_bytes;
  if (!ending_ && at_cut && !bytes.empty()) {
    ending_ = true;
    end_ = plan_.reset ? End::reset : End::cut;
    end_due_ = std::max(last_due_, now);
  }
  counters_.cut += bytes.size() - taken;
  return bytes.size();
}

void StreamImpairment::handle_end(Time now) {
  if (ending_) return;
  ending_ = true;
  end_ = End::clean;
  end_due_ = due_for(0, now);
}

std::optional<Bytes> StreamImpairment::poll_bytes(Time now) {
  if (in_flight_.empty() || in_flight_.front().due > now) return std::nullopt;
  Bytes bytes = std::move(in_flight_.front().bytes);
  in_flight_.pop_front();
  in_flight_bytes_ -= bytes.size();
  counters_.passed += bytes.size();
  return bytes;
}

std::optional<StreamImpairment::End> StreamImpairment::poll_end(Time now) {
  if (!in_flight_.empty() || end_due_ > now) return std::nullopt;
  end_due_ = never;
  return std::exchange(end_, std::nullopt);
}

Time StreamImpairment::next_due() const {
  return in_flight_.empty() ? end_due_ : in_flight_.front().due;
}

// Jitter never lets a piece overtake the one before it.
Time StreamImpairment::due_for(std::size_t bytes, Time now) {
  const Duration delay = wire_.delay();
  last_due_ = std::max(last_due_, after(wire_.carry(bytes, now), delay));
  return last_due_;
}

std::string ImpairmentCounters::to_string() const {
  std::string out = "passed " + std::to_string(passed);
  const auto add = [&out](const char* name, std::uint64_t count) {
    if (count > 0) out += std::string(", ") + name + " " + std::to_string(count);
  };
  add("lost", lost);
  add("copied", copied);
  add("reordered", reordered);
  add("overflowed", overflowed);
  add("cut", cut);
  add("bits flipped", flipped);
  return out;
}

}  // namespace yam
