#pragma once
// Many connections on one line: what a member says, the others hear. With peers that hear each other it is a
// broker (listen --broadcast); without, it is one local side talking to all of them (listen --keep).

#include <deque>
#include <list>
#include <memory>
#include <string>

#include "yam/net/event.hpp"
#include "yam/net/scope.hpp"
#include "yam/service/exchange.hpp"

namespace yam::service {

class Broadcast {
 public:
  // What may wait for one member before those who speak have to wait for him, and how long they do; then he
  // is let go. Our own side is waited for without limit.
  static constexpr std::size_t backlog_bytes_max = 1024 * 1024;
  static constexpr Duration stall_max = std::chrono::seconds(10);

  struct Outcome {
    std::uint64_t sent = 0;
    std::uint64_t received = 0;
    std::optional<Error>
        fault;  // Code::timeout after `idle` of silence, or when it took nothing for stall_max
  };

  Broadcast(net::Loop& loop, bool peers_hear_each_other)
      : loop_(loop), peers_hear_each_other_(peers_hear_each_other) {}

  // Takes part with `stream` until its peer has ended and has heard what was said before. A local member
  // hears everyone and is heard by everyone. The converters and the stream outlive the task.
  net::Task<Outcome> join(net::Stream& stream, bool is_local, Duration idle, wire::Converter* saying,
                          wire::Converter* hearing);

  std::size_t size() const { return members_.size(); }

 private:
  struct Member;

  bool hears(const Member& hearer, const Member& speaker) const;
  void say(const Member& speaker, ByteView piece);
  net::Task<> wait_for_room(Member& speaker);
  net::Task<> write(Member& member, wire::Converter* hearing);

  net::Loop& loop_;
  bool peers_hear_each_other_;
  std::list<Member*> members_;
};

}  // namespace yam::service
