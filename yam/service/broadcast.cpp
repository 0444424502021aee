#include "yam/service/broadcast.hpp"

#include <algorithm>

#include "yam/base/quantity.hpp"

namespace yam::service {

namespace {

// What a waiting message costs beside its bytes: empty ones must not be free.
constexpr std::size_t message_overhead_bytes = 96;

std::size_t weight_of(const Bytes& message) {
  return message.size() + message_overhead_bytes;
}

}  // namespace

// A message is kept once, however many have still to hear it.
struct Broadcast::Member {
  Member(Broadcast& owner, net::Stream& s, bool local)
      : stream(s),
        is_local(local),
        last_move(owner.loop_.now()),
        last_taken(owner.loop_.now()),
        news(owner.loop_),
        change(owner.loop_) {
    place = owner.members_.insert(owner.members_.end(), this);
    members = &owner.members_;
  }
  Member(const Member&) = delete;
  Member& operator=(const Member&) = delete;
  ~Member() { members->erase(place); }

  // The first fault is the one that counts.
  void fail(Error fault) {
    if (!outcome.fault) outcome.fault = std::move(fault);
    leave();
  }
  void leave() {
    is_over = true;
    change.set();
  }

  // Stream::write in steps, of which each shows that the member is not stalled: nothing while it takes
  // nothing, else how much of the first message it took.
  net::Attempt take(Time now) {
    const Bytes& message = *backlog.front();
    std::size_t count = 0;
    if (taken_bytes < message.size() || (stream.keeps_messages() && !is_taken)) {
      const ByteView rest = ByteView(message).subspan(taken_bytes);
      const net::Attempt took = stream.try_write({&rest, 1});
      if (!took || !*took) return took;
      count = **took;
      taken_bytes += count;
      last_move = last_taken = now;
      is_taken = taken_bytes == message.size();
      if (!is_taken) return count;
    }
    const net::Attempt flushed = stream.try_flush();
    if (!flushed || !*flushed) return flushed;
    last_move = last_taken = now;
    outcome.sent += message.size();
    backlog_bytes -= weight_of(message);
    backlog.pop_front();
    taken_bytes = 0;
    is_taken = false;
    return count;
  }

  net::Stream& stream;
  bool is_local;
  bool has_ended = false;  // says nothing more
  bool is_over = false;    // hears nothing more either
  Time last_move;
  Time last_taken;                                   // some of what waits for it; or when that began to wait
  net::Event news;                                   // something to hear, or nothing any more
  net::Event change;                                 // has_ended or is_over
  std::deque<std::shared_ptr<const Bytes>> backlog;  // shared by the members who have still to hear it
  std::size_t backlog_bytes = 0;
  std::size_t taken_bytes = 0;  // of the first one
  bool is_taken = false;        // all of that, but perhaps not flushed
  Outcome outcome;
  std::list<Member*>* members;
  std::list<Member*>::iterator place;
};

// Somebody who speaks on once the backlogs have become shorter.
struct Broadcast::Waiting {
  explicit Waiting(Broadcast& owner) : room(owner.loop_), all(owner.waiting_) {
    place = all.insert(all.end(), this);
  }
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;
  ~Waiting() { all.erase(place); }

  net::Event room;
  std::list<Waiting*>& all;
  std::list<Waiting*>::iterator place;
};

net::Task<Broadcast::Outcome> Broadcast::join(net::Stream& stream, bool is_local, Duration idle,
                                              Voice voice) {
  Member member(*this, stream, is_local);
  net::Scope tasks(loop_);
  tasks.spawn(write(member));
  tasks.spawn(read(member, idle, voice));
  while (!member.is_over) {
    // A peer that has said its last hears what was said before, if it listens at all.
    const Time deadline = member.has_ended ? patience_with(member) : never;
    if (deadline <= loop_.now()) {
      member.fail(stalled());
      break;
    }
    member.change.reset();
    co_await member.change.wait(deadline);
  }
  tasks.cancel();
  tell_of_room();  // nobody waits for this one any more
  co_return std::move(member.outcome);
}

Error Broadcast::stalled() const {
  return {Code::timeout, "took nothing for " + print_duration(limits_.stall), ""};
}

net::Task<> Broadcast::read(Member& member, Duration idle, Voice voice) {
  Bytes buffer(piece_bytes_max);
  wire::Pieces pieces;
  while (!member.has_ended) {
    const auto count = co_await member.stream.read(buffer, after(member.last_move, idle));
    if (!count && count.error().code == Code::timeout && idle >= Duration::zero()) {
      if (after(member.last_move, idle) > loop_.now()) continue;  // it was spoken to meanwhile
      member.fail({Code::timeout, "nothing moved for " + print_duration(idle), ""});
      co_return;
    }
    if (!count) {
      member.fail(count.error());
      co_return;
    }
    member.last_move = loop_.now();
    member.outcome.received += *count;
    member.has_ended = *count == 0 && !member.stream.keeps_messages();
    if (member.has_ended) member.last_taken = loop_.now();
    const ByteView piece = ByteView(buffer).first(*count);
    Result<void> converted;
    pieces.clear();
    if (voice.saying != nullptr) {
      converted =
          member.has_ended ? voice.saying->handle_end(pieces) : voice.saying->handle_piece(piece, pieces);
    } else if (!member.has_ended) {
      pieces.add(piece);
    }
    for (std::size_t i = 0; i < pieces.count(); ++i)
      if (auto said = say(member, voice, pieces.piece(i)); !said && converted) converted = said;
    if (!member.has_ended) co_await wait_for_room(member);
    if (!converted) {
      member.fail(converted.error());
      co_return;
    }
  }
  member.news.set();
  member.change.set();
}

bool Broadcast::hears(const Member& hearer, const Member& speaker) const {
  if (&hearer == &speaker || hearer.is_over) return false;
  return speaker.is_local || hearer.is_local || peers_hear_each_other_;
}

Result<void> Broadcast::say(const Member& speaker, Voice voice, ByteView piece) {
  const auto original = std::make_shared<const Bytes>(copy_of(piece));
  wire::Pieces shown;
  if (voice.unframing != nullptr || voice.view != nullptr) {
    wire::Pieces plain;
    if (voice.unframing == nullptr) {
      plain.add(piece);
    } else if (auto unframed = voice.unframing->handle_piece(piece, plain); !unframed) {
      return unframed;
    }
    for (std::size_t i = 0; i < plain.count(); ++i) {
      if (voice.view == nullptr) {
        shown.add(plain.piece(i));
      } else if (auto viewed = voice.view->handle_piece(plain.piece(i), shown); !viewed) {
        return viewed;
      }
    }
  } else {
    shown.add(piece);
  }
  for (Member* member : members_) {
    if (!hears(*member, speaker)) continue;
    if (!member->is_local) {
      hand_to(*member, original);
      continue;
    }
    for (std::size_t i = 0; i < shown.count(); ++i)
      hand_to(*member, std::make_shared<const Bytes>(copy_of(shown.piece(i))));
  }
  return {};
}

net::Task<> Broadcast::tell_local(std::string words) {
  const auto is_awaited = [](const Member* member) { return member->is_local && !member->is_over; };
  const auto message = std::make_shared<const Bytes>(copy_of(bytes_of(words)));
  Waiting waiting(*this);
  while (std::any_of(members_.begin(), members_.end(),
                     [&](const Member* member) { return is_awaited(member) && is_behind(*member); })) {
    waiting.room.reset();
    co_await waiting.room.wait();
  }
  for (Member* member : members_)
    if (is_awaited(member)) hand_to(*member, message);
}

void Broadcast::hand_to(Member& hearer, std::shared_ptr<const Bytes> message) {
  if (hearer.backlog_bytes == 0) hearer.last_taken = loop_.now();
  hearer.backlog_bytes += weight_of(*message);
  hearer.backlog.push_back(std::move(message));
  hearer.news.set();
}

bool Broadcast::is_behind(const Member& member) const {
  return member.backlog_bytes > limits_.backlog_bytes;
}

Time Broadcast::patience_with(const Member& member) const {
  return member.is_local ? never : after(member.last_taken, limits_.stall);
}

// Until when the others who are behind may be waited for; nothing when nobody is.
std::optional<Time> Broadcast::let_the_stalled_go(const Member& speaker) {
  std::optional<Time> first;
  for (Member* member : members_) {
    if (!hears(*member, speaker) || !is_behind(*member)) continue;
    const Time deadline = patience_with(*member);
    if (deadline <= loop_.now()) {
      member->fail(stalled());
    } else {
      first = std::min(first.value_or(never), deadline);
    }
  }
  return first;
}

net::Task<> Broadcast::wait_for_room(Member& speaker) {
  Waiting waiting(*this);
  while (const auto deadline = let_the_stalled_go(speaker)) {
    waiting.room.reset();
    co_await waiting.room.wait(*deadline);
  }
}

void Broadcast::tell_of_room() {
  for (Waiting* each : waiting_)
    each->room.set();
}

// Hands the member what the others said; once he says nothing more, ends when he has heard it all.
net::Task<> Broadcast::write(Member& member) {
  for (;;) {
    if (member.backlog.empty()) {
      if (member.has_ended && !member.is_local) break;
      member.news.reset();
      co_await member.news.wait();
      continue;
    }
    const net::Attempt took = member.take(loop_.now());
    if (!took) {
      co_await member.stream.write_watch().writable();
    } else if (!*took) {
      member.fail(took->error());
      co_return;
    } else {
      tell_of_room();
    }
  }
  [[maybe_unused]] const auto finished = co_await member.stream.finish();
  member.leave();
}

}  // namespace yam::service
