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
    // What may wait for one member before those who speak have to wait for him, and how long they do; then he
    // is let go. Our own side is waited for without limit.
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

  // For our own side's ears alone, in turn with what the others say.
  void tell_local(ByteView words);

  std::size_t size() const { return members_.size(); }

 private:
  struct Member;

  net::Task<> read(Member& member, Duration idle, Voice voice);
  net::Task<> write(Member& member);
  net::Task<> wait_for_room(Member& speaker);
  Error stalled() const;
  bool hears(const Member& hearer, const Member& speaker) const;
  Result<void> say(const Member& speaker, Voice voice, ByteView piece);
  static void hand_to(Member& hearer, std::shared_ptr<const Bytes> message);

  net::Loop& loop_;
  bool peers_hear_each_other_;
  Limits limits_;
  std::list<Member*> members_;
};

}  // namespace yam::service
