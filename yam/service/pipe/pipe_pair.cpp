#include "yam/service/pipe/pipe_pair.hpp"

#include <utility>

#include "yam/net/message.hpp"

namespace yam::service {

namespace {

using net::Loop;
using net::Stream;
using net::Task;

// Says nothing, and does not end.
class MuteStream final : public Stream {
 public:
  MuteStream(Loop& loop, Stream& inner) : inner_(inner), silence_(loop) {}

  net::Attempt try_read(ByteSpan) override { return std::nullopt; }
  net::Watch& read_watch() override { return silence_; }
  net::Attempt try_write(std::span<const ByteView> parts) override { return inner_.try_write(parts); }
  net::Attempt try_finish() override { return inner_.try_finish(); }
  net::Watch& write_watch() override { return inner_.write_watch(); }
  std::optional<int> write_fd() const override { return inner_.write_fd(); }
  void abort() override { inner_.abort(); }

 private:
  Stream& inner_;
  net::Watch silence_;
};

// One side as the exchange sees it: itself, or behind the link that its words have to pass.
class Wrapped {
 public:
  Wrapped(Loop& loop, const PipeSide& side, const PipeRules& rules, std::uint64_t lane,
          ImpairmentCounters& counters)
      : stream_(&side.stream) {
    if (side.is_mute) {
      wrapper_ = std::make_unique<MuteStream>(loop, side.stream);
    } else if (rules.impairment) {
      wrapper_ = std::make_unique<ImpairedStream>(loop, side.stream, *rules.impairment, lane, counters);
    }
    if (wrapper_) stream_ = wrapper_.get();
  }
  Stream& stream() { return *stream_; }

 private:
  std::unique_ptr<Stream> wrapper_;
  Stream* stream_;
};

// exchange() knows a local side, whose end may be the end, and a peer, which may be unable to say that it has
// ended: programs are the one and datagrams the other.
bool left_is_local(const PipeSide& left, const PipeSide& right) {
  if (left.is_mute != right.is_mute) return right.is_mute;
  if (left.is_program != right.is_program) return left.is_program;
  return right.stream.keeps_messages() || !left.stream.keeps_messages();
}

PipeEnd told_by_sides(ExchangeEnd end, bool left_local) {
  using From = ExchangeEnd::How;
  PipeEnd told;
  told.rightward = left_local ? end.sent : end.received;
  told.leftward = left_local ? end.received : end.sent;
  told.fault = std::move(end.fault);
  bool local_first = end.local_first;
  switch (end.how) {
    case From::both_ended:
      told.how = PipeEnd::How::both_ended;
      break;
    case From::local_ended:
    case From::peer_ended:
    case From::message_came:
      told.how = PipeEnd::How::one_ended;
      local_first = end.how == From::local_ended;
      break;
    case From::word_said:
      told.how = PipeEnd::How::word_said;
      break;
    case From::fell_silent:
      told.how = PipeEnd::How::fell_silent;
      break;
    case From::failed:
      told.how = PipeEnd::How::failed;
      break;
  }
  told.left_first = local_first == left_local;
  return told;
}

Task<> leave(Stream* stream) {
  // Which of them takes its leave badly no longer concerns anybody.
  [[maybe_unused]] const auto left = co_await net::leave(*stream);
}

}  // namespace

Task<PipeEnd> join(Loop& loop, PipeSide left, PipeSide right, PipeRules rules, PipeTraffic& traffic) {
  const bool left_local = left_is_local(left, right);
  const PipeSide& local = left_local ? left : right;
  rules.ending.ends_with_local = local.is_program || left.is_mute || right.is_mute;
  rules.ending.sent_sum = left_local ? &traffic.rightward : &traffic.leftward;
  rules.ending.received_sum = left_local ? &traffic.leftward : &traffic.rightward;
  PipeEnd end;
  {
    Wrapped left_end(loop, left, rules, 2 * rules.number, traffic.rightward_link);
    Wrapped right_end(loop, right, rules, 2 * rules.number + 1, traffic.leftward_link);
    Stream& first = left_local ? left_end.stream() : right_end.stream();
    Stream& second = left_local ? right_end.stream() : left_end.stream();
    auto ended = co_await exchange(loop, first, second, rules.ending, nullptr, nullptr);
    end = told_by_sides(std::move(ended), left_local);
  }
  if (end.how == PipeEnd::How::failed) {
    left.stream.abort();
    right.stream.abort();
  } else if (end.how != PipeEnd::How::both_ended) {
    net::Scope endings(loop);
    endings.spawn(leave(&left.stream));
    endings.spawn(leave(&right.stream));
    co_await endings.drained();
  }
  co_return end;
}

std::string PipeEnd::words() const {
  const std::string first = left_first ? "left" : "right";
  switch (how) {
    case How::both_ended:
      return "both sides closed, " + first + " first";
    case How::one_ended:
      return first + " closed";
    case How::word_said:
      return "the last word was said";
    case How::fell_silent:
      return fault ? fault->what : "nothing moved for a while";
    case How::failed:
      break;
  }
  return fault ? fault->what : "failed";
}

}  // namespace yam::service
