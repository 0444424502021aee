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
        news(owner.loop_),
        room(owner.loop_),
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

  net::Stream& stream;
  bool is_local;
  bool has_ended = false;  // says nothing more
  bool is_over = false;    // hears nothing more either
  Time last_move;
  net::Event news;                                   // something to hear, or nothing any more
  net::Event room;                                   // somebody's backlog has become shorter
  net::Event change;                                 // has_ended or is_over
  std::deque<std::shared_ptr<const Bytes>> backlog;  // shared by the members who have still to hear it
  std::size_t backlog_bytes = 0;
  Outcome outcome;
  std::list<Member*>* members;
  std::list<Member*>::iterator place;
};

net::Task<Broadcast::Outcome> Broadcast::join(net::Stream& stream, bool is_local, Duration idle,
                                              Voice voice) {
  Member member(*this, stream, is_local);
  net::Scope tasks(loop_);
  tasks.spawn(write(member));
  tasks.spawn(read(member, idle, voice));
  Time deadline = never;
  while (!member.is_over) {
    // A peer that has said its last hears what was said before, if it listens at all.
    if (member.has_ended && !is_local && deadline == never) deadline = after(loop_.now(), limits_.stall);
    member.change.reset();
    if (!co_await member.change.wait(deadline)) member.fail(stalled());
  }
  tasks.cancel();
  for (Member* each : members_)
    each->room.set();  // nobody waits for this one any more
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

void Broadcast::tell_local(ByteView words) {
  for (Member* member : members_)
    if (member->is_local && !member->is_over) hand_to(*member, std::make_shared<const Bytes>(copy_of(words)));
}

void Broadcast::hand_to(Member& hearer, std::shared_ptr<const Bytes> message) {
  hearer.backlog_bytes += weight_of(*message);
  hearer.backlog.push_back(std::move(message));
  hearer.news.set();
}

net::Task<> Broadcast::wait_for_room(Member& speaker) {
  Time deadline = after(loop_.now(), limits_.stall);
  const auto is_behind = [&](const Member* member) {
    return hears(*member, speaker) && member->backlog_bytes > limits_.backlog_bytes;
  };
  while (std::any_of(members_.begin(), members_.end(), is_behind)) {
    speaker.room.reset();
    if (co_await speaker.room.wait(deadline)) continue;
    for (Member* member : members_)
      if (is_behind(member) && !member->is_local) member->fail(stalled());
    deadline = never;
  }
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
    const auto message = std::move(member.backlog.front());
    member.backlog.pop_front();
    const auto written = co_await member.stream.write(*message);
    if (!written) {
      member.fail(written.error());
      co_return;
    }
    member.last_move = loop_.now();
    member.outcome.sent += *written;
    member.backlog_bytes -= weight_of(*message);
    for (Member* each : members_)
      each->room.set();
  }
  [[maybe_unused]] const auto finished = co_await member.stream.finish();
  member.leave();
}

}  // namespace yam::service
