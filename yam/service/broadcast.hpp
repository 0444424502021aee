#pragma once
// Many connections on one line: what a member says, the others hear. With peers that hear each other it is a
// broker (listen --broadcast); without, it is one local side talking to all of them (listen --keep).

#include <deque>
#include <list>
#include <memory>
#include <string>

#include "yam/net/loop/event.hpp"
#include "yam/net/loop/scope.hpp"
#include "yam/service/exchange.hpp"

namespace yam::service {

class Broadcast {
 public:
  struct Limits {
    Limits() = default;
    // What may wait for one member before those who speak have to wait for him. When he then takes nothing at
    // all for `stall`, he is let go, and so is one who said his last and does not hear the rest. Our own side
    // is waited for without limit.
    std::size_t backlog_bytes = 1024 * 1024;
    Duration stall = std::chrono::seconds(10);
  };

  // What happens to a member's words; null leaves them as they came.
  struct Voice {
    Voice() = default;
    wire::Converter* saying = nullptr;     // on their way to the others
    wire::Converter* unframing = nullptr;  // from there to our own side,
    wire::Converter* view = nullptr;       // and how our side is shown what that made
  };

  struct Outcome {
    std::uint64_t sent = 0;
    std::uint64_t received = 0;
    std::optional<Error>
        fault;  // Code::timeout after `idle` of silence, or when it took nothing for too long
  };

  Broadcast(net::Loop& loop, bool peers_hear_each_other) : Broadcast(loop, peers_hear_each_other, Limits()) {}
  Broadcast(net::Loop& loop, bool peers_hear_each_other, Limits limits)
      : loop_(loop), peers_hear_each_other_(peers_hear_each_other), limits_(limits) {}

  // Takes part with `stream` until its peer has ended and has heard what was said before. A local member
  // hears everyone and is heard by everyone, and stays after its own end. The converters and the stream
  // outlive the task.
  net::Task<Outcome> join(net::Stream& stream, bool is_local, Duration idle, Voice voice);

  // For our own side's ears alone, in turn with what the others say, once there is room for it.
  net::Task<> tell_local(std::string words);

  std::size_t size() const { return members_.size(); }

 private:
  struct Member;
  struct Waiting;

  net::Task<> read(Member& member, Duration idle, Voice voice);
  net::Task<> write(Member& member);
  net::Task<> wait_for_room(Member& speaker);
  bool is_behind(const Member& member) const;
  Time patience_with(const Member& member) const;
  std::optional<Time> let_the_stalled_go(const Member& speaker);
  void tell_of_room();
  Error stalled() const;
  bool hears(const Member& hearer, const Member& speaker) const;
  Result<void> say(const Member& speaker, Voice voice, ByteView piece);
  void hand_to(Member& hearer, std::shared_ptr<const Bytes> message);

  net::Loop& loop_;
  bool peers_hear_each_other_;
  Limits limits_;
  std::list<Member*> members_;
  std::list<Waiting*> waiting_;
};

}  // namespace yam::service
