#include "yam/service/broadcast.hpp"

#include <algorithm>

#include "yam/base/quantity.hpp"

namespace yam::service {

// A message is kept once, however many have still to hear it.
struct Broadcast::Member {
  Member(Broadcast& owner, net::Stream& s, bool local)
      : stream(s), is_local(local), news(owner.loop_), room(owner.loop_) {
    place = owner.members_.insert(owner.members_.end(), this);
    members = &owner.members_;
  }
  Member(const Member&) = delete;
  Member& operator=(const Member&) = delete;
  ~Member() { members->erase(place); }

  net::Stream& stream;
  bool is_local;
  net::Event news;
  net::Event room;                                   // somebody's backlog has become shorter
  std::deque<std::shared_ptr<const Bytes>> backlog;  // shared by the members who have still to hear it
  std::size_t backlog_bytes = 0;
  bool ended = false;  // says nothing more
  Outcome outcome;
  std::list<Member*>* members;
  std::list<Member*>::iterator place;
};

net::Task<Broadcast::Outcome> Broadcast::join(net::Stream& stream, bool is_local, Duration idle,
                                              wire::Converter* saying, wire::Converter* hearing) {
  Member member(*this, stream, is_local);
  net::Scope writing(loop_);
  writing.spawn(write(member, hearing));
  Bytes buffer(piece_bytes_max);
  wire::Pieces pieces;
  while (!member.ended && !member.outcome.fault) {
    const auto count = co_await stream.read(buffer, after(loop_.now(), idle));
    if (!count) {
      member.outcome.fault = count.error();
      if (count.error().code == Code::timeout)
        member.outcome.fault->what = "nothing came for " + print_duration(idle);
      break;
    }
    member.outcome.received += *count;
    member.ended = *count == 0 && !stream.keeps_messages();
    const ByteView piece = ByteView(buffer).first(*count);
    Result<void> converted;
    pieces.clear();
    if (saying != nullptr) {
      converted = member.ended ? saying->handle_end(pieces) : saying->handle_piece(piece, pieces);
    } else if (!member.ended) {
      pieces.add(piece);
    }
    for (std::size_t i = 0; i < pieces.count(); ++i)
      say(member, pieces.piece(i));
    co_await wait_for_room(member);
    if (!converted) member.outcome.fault = converted.error();
  }
  if (member.outcome.fault) {
    writing.cancel();
  } else {
    // A local side whose input is over goes on hearing until somebody cancels it.
    member.news.set();
    const Time deadline = is_local ? never : after(loop_.now(), stall_max);
    if (!co_await writing.drained(deadline))
      member.outcome.fault = Error{Code::timeout, "took nothing for " + print_duration(stall_max), ""};
  }
  co_return std::move(member.outcome);
}

bool Broadcast::hears(const Member& hearer, const Member& speaker) const {
  if (&hearer == &speaker || hearer.outcome.fault) return false;
  return speaker.is_local || hearer.is_local || peers_hear_each_other_;
}

void Broadcast::say(const Member& speaker, ByteView piece) {
  std::shared_ptr<const Bytes> message;
  for (Member* member : members_) {
    if (!hears(*member, speaker)) continue;
    if (!message) message = std::make_shared<const Bytes>(copy_of(piece));
    member->backlog.push_back(message);
    member->backlog_bytes += piece.size();
    member->news.set();
  }
}

net::Task<> Broadcast::wait_for_room(Member& speaker) {
  Time deadline = after(loop_.now(), stall_max);
  const auto is_behind = [&](const Member* member) {
    return hears(*member, speaker) && member->backlog_bytes > backlog_bytes_max;
  };
  while (std::any_of(members_.begin(), members_.end(), is_behind)) {
    speaker.room.reset();
    if (co_await speaker.room.wait(deadline)) continue;
    for (Member* member : members_) {
      if (!is_behind(member) || member->is_local) continue;
      member->outcome.fault = Error{Code::timeout, "took nothing for " + print_duration(stall_max), ""};
      member->stream.abort();
      member->news.set();
    }
    deadline = never;
  }
}

// Hands the member what the others said; once he says nothing more, ends when he has heard it all.
net::Task<> Broadcast::write(Member& member, wire::Converter* hearing) {
  wire::Pieces pieces;
  while (!member.outcome.fault) {
    if (member.backlog.empty()) {
      if (member.ended && !member.is_local) break;
      member.news.reset();
      co_await member.news.wait();
      continue;
    }
    const auto message = std::move(member.backlog.front());
    member.backlog.pop_front();
    member.backlog_bytes -= message->size();
    pieces.clear();
    if (hearing == nullptr) {
      pieces.add(*message);
    } else if (auto converted = hearing->handle_piece(*message, pieces); !converted) {
      member.outcome.fault = converted.error();
    }
    for (std::size_t i = 0; i < pieces.count(); ++i) {
      const auto written = co_await member.stream.write(pieces.piece(i));
      if (!written) {
        member.outcome.fault = written.error();
        break;
      }
      member.outcome.sent += *written;
    }
    for (Member* each : members_)
      each->room.set();
  }
  if (member.outcome.fault) co_return;
  [[maybe_unused]] const auto finished = co_await member.stream.finish();
}

}  // namespace yam::service
