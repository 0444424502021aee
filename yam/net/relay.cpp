#include "yam/net/relay.hpp"

#include "yam/net/relay_mover.hpp"

namespace yam::net {

namespace {

using Step = RelayMover::Step;

// How much one relay moves before the loop's other tasks have their turn.
constexpr std::size_t bytes_per_turn = 1024 * 1024;

Error silence(Step step) {
  return {Code::timeout,
          step == Step::source_empty ? "nothing came from the peer in time"
                                     : "the peer took nothing more in time",
          ""};
}

Relayed::End ending(Step step) {
  switch (step) {
    case Step::limit_reached:
      return Relayed::End::limit_reached;
    case Step::source_empty:
    case Step::read_failed:
      return Relayed::End::reading_failed;
    case Step::target_full:
    case Step::write_failed:
      return Relayed::End::writing_failed;
    default:
      return Relayed::End::source_ended;
  }
}

}  // namespace

Task<Relayed> relay(Loop& loop, Stream& from, Stream& to, RelayOptions options) {
  RelayActivity own_activity;
  RelayActivity& activity = options.activity != nullptr ? *options.activity : own_activity;
  activity.last = loop.now();
  RelayMover mover(from, to, options.bytes_max);
  Relayed relayed;
  std::size_t moved_this_turn = 0;
  bool out_of_time = false;
  for (;;) {
    const Step step = mover.step();
    if (step == Step::moved) {
      out_of_time = false;
      relayed.bytes += mover.moved_bytes();
      moved_this_turn += mover.moved_bytes();
      activity.last = loop.now();
      if (options.observer != nullptr) options.observer->moved(mover.moved_bytes());
      if (moved_this_turn >= bytes_per_turn || !loop.spend()) {
        moved_this_turn = 0;
        co_await loop.yield();
      }
      continue;
    }
    const bool must_wait = step == Step::source_empty || step == Step::target_full;
    if (must_wait && !out_of_time) {
      moved_this_turn = 0;
      const Time deadline = after(activity.last, options.idle);
      if (step == Step::source_empty) {
        co_await from.readable(deadline);
      } else {
        co_await to.write_watch().writable(deadline);
      }
      // One more step even so: bytes may have come with the deadline. And the twin may have moved some.
      out_of_time = after(activity.last, options.idle) <= loop.now();
      continue;
    }
    relayed.end = ending(step);
    relayed.error = must_wait ? silence(step) : mover.error();
    co_return relayed;
  }
}

}  // namespace yam::net
