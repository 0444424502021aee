#include "yam/net/traced_stream.hpp"

namespace yam::net {

using Actor = LadderEvent::Actor;
using What = LadderEvent::What;

Attempt TracedStream::try_read(ByteSpan into) {
  Attempt attempt = inner_->try_read(into);
  if (!attempt) return attempt;
  if (!*attempt) {
    note_fault(Actor::peer, attempt->error());
  } else if (**attempt == 0 && !keeps_messages()) {
    note(Actor::peer, What::peer_half_closed, 0);
  } else {
    note(Actor::peer, What::received, **attempt);
  }
  return attempt;
}

Attempt TracedStream::try_write(std::span<const ByteView> parts) {
  Attempt attempt = inner_->try_write(parts);
  if (!attempt) return attempt;
  if (*attempt) {
    note(Actor::us, What::sent, **attempt);
  } else {
    note_fault(Actor::us, attempt->error());
  }
  return attempt;
}

Attempt TracedStream::try_finish() {
  Attempt attempt = inner_->try_finish();
  if (attempt && *attempt && !keeps_messages()) note(Actor::us, What::half_closed, 0);
  return attempt;
}

void TracedStream::abort() {
  note(Actor::us, What::reset, 0);
  inner_->abort();
}

void TracedStream::note(Actor from, What what, std::uint64_t bytes, std::string detail) {
  LadderEvent event;
  event.when = Clock::now();
  event.conversation = conversation_;
  event.from = from;
  event.what = what;
  event.bytes = bytes;
  event.piece_bytes = bytes;
  event.detail = std::move(detail);
  ladder_.handle_event(std::move(event));
  news_.set();
}

void TracedStream::note_fault(Actor from, const Error& fault) {
  note(from, What::failed, 0, fault.what);
}

}  // namespace yam::net
