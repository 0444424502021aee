#include "yam/net/stream.hpp"

#include <algorithm>

namespace yam::net {

Stream::Read Stream::read(ByteSpan into, Time deadline) {
  return Read(*this, into, deadline);
}
Stream::Write Stream::write(ByteView bytes, Time deadline) {
  return Write(*this, bytes, {}, false, deadline);
}
Stream::Write Stream::write(ByteView head, ByteView body, Time deadline) {
  return Write(*this, head, body, false, deadline);
}
Stream::Write Stream::finish(Time deadline) {
  return Write(*this, {}, {}, true, deadline);
}
Watch::Readiness Stream::readable(Time deadline) {
  return read_watch().readable(deadline);
}

Stream::Read::Read(Stream& stream, ByteSpan into, Time deadline)
    : Waiter(stream.read_watch().loop().timers()), stream_(stream), into_(into), deadline_(deadline) {}

bool Stream::Read::await_ready() {
  outcome_ = stream_.try_read(into_);
  return outcome_ && stream_.read_watch().loop().spend();
}

void Stream::Read::await_suspend(std::coroutine_handle<> waiting) {
  waiting_ = waiting;
  wait();
}

void Stream::Read::run() {
  stream_.read_watch().forget(*this);
  if (!outcome_) outcome_ = stream_.try_read(into_);
  if (!outcome_ && expired()) outcome_ = fail(Code::timeout, "nothing came from the peer in time");
  outcome_ ? waiting_.resume() : wait();
}

void Stream::Read::wait() {
  Watch& watch = stream_.read_watch();
  if (outcome_) {
    watch.loop().ready().push(*this);
  } else {
    watch.expect_readable(*this);
    timers_.arm(*this, deadline_);
  }
}

Stream::Write::Write(Stream& stream, ByteView head, ByteView body, bool finishing, Time deadline)
    : Waiter(stream.write_watch().loop().timers()),
      stream_(stream),
      parts_{head, body},
      deadline_(deadline),
      finishing_(finishing) {}

bool Stream::Write::await_ready() {
  attempt();
  return outcome_ && stream_.write_watch().loop().spend();
}

void Stream::Write::await_suspend(std::coroutine_handle<> waiting) {
  waiting_ = waiting;
  wait();
}

void Stream::Write::run() {
  stream_.write_watch().forget(*this);
  if (!outcome_) attempt();
  if (!outcome_ && expired()) outcome_ = fail(Code::timeout, "the peer took nothing more in time");
  outcome_ ? waiting_.resume() : wait();
}

void Stream::Write::attempt() {
  if (finishing_) {
    outcome_ = stream_.try_finish();
    return;
  }
  // An empty message is one too.
  bool is_due = !taken_ && stream_.keeps_messages();
  while (is_due || !parts_[0].empty() || !parts_[1].empty()) {
    const Attempt took = stream_.try_write(parts_);
    if (!took) return;
    if (!*took) {
      outcome_ = *took;
      return;
    }
    is_due = false;
    taken_ = true;
    std::size_t count = **took;
    written_ += count;
    for (ByteView& part : parts_) {
      const std::size_t here = std::min(count, part.size());
      part = part.subspan(here);
      count -= here;
    }
  }
  const Attempt flushed = stream_.try_flush();
  if (!flushed) return;
  outcome_ = *flushed ? Result<std::size_t>(written_) : *flushed;
}

void Stream::Write::wait() {
  Watch& watch = stream_.write_watch();
  if (outcome_) {
    watch.loop().ready().push(*this);
  } else {
    watch.expect_writable(*this);
    timers_.arm(*this, deadline_);
  }
}

}  // namespace yam::net
