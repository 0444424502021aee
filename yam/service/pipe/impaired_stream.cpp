#include "yam/service/pipe/impaired_stream.hpp"

#include <algorithm>
#include <sys/epoll.h>

namespace yam::service {

using net::Task;

ImpairedStream::ImpairedStream(net::Loop& loop, net::Stream& inner, const ImpairmentPlan& plan,
                               std::uint64_t lane, ImpairmentCounters& counters)
    : loop_(loop),
      inner_(inner),
      counters_(counters),
      link_(ImpairedLink::open(plan, lane, inner.keeps_messages())),
      watch_(loop),
      room_(loop),
      news_(loop),
      tasks_(loop) {
  tasks_.spawn(fill());
  tasks_.spawn(wake_reader());
}

ImpairedStream::~ImpairedStream() {
  tasks_.cancel();
  add_to(counters_, link_->counters());
}

net::Attempt ImpairedStream::try_read(ByteSpan into) {
  net::Attempt attempt = link_->poll_read(into, loop_.now());
  if (attempt) {
    room_.set();
    return attempt;
  }
  if (fault_ && is_due()) return fail(*fault_);
  watch_.drained();
  news_.set();
  return std::nullopt;
}

// From the inner stream into the link, as fast as the link takes it.
Task<> ImpairedStream::fill() {
  for (;;) {
    room_.reset();
    if (link_->room() == 0) {
      co_await room_.wait();
      continue;
    }
    co_await inner_.readable();
    const ByteSpan buffer = loop_.scratch();
    const auto count = inner_.try_read(buffer.first(std::min(buffer.size(), link_->room())));
    if (!count) continue;
    const bool ended = *count && **count == 0 && !keeps_messages();
    if (!*count) {
      fault_ = count->error();
    } else if (ended) {
      link_->handle_end(loop_.now());
    } else {
      link_->handle_piece(buffer.first(**count), loop_.now());
    }
    news_.set();
    if (ended || fault_) co_return;
  }
}

Task<> ImpairedStream::wake_reader() {
  for (;;) {
    news_.reset();
    // A reader that was told comes by himself, and says in try_read when he found nothing more.
    const Time due = watch_.is_readable() || fault_ ? never : link_->next_due();
    if (!watch_.is_readable() && is_due()) {
      watch_.handle_events(EPOLLIN);
    } else {
      co_await news_.wait(due);
    }
  }
}

// A fault that is not delayed comes when the link is empty.
bool ImpairedStream::is_due() const {
  const Time due = link_->next_due();
  return due <= loop_.now() || (fault_ && due == never);
}

void add_to(ImpairmentCounters& sum, const ImpairmentCounters& counted) {
  sum.passed += counted.passed;
  sum.lost += counted.lost;
  sum.copied += counted.copied;
  sum.reordered += counted.reordered;
  sum.overflowed += counted.overflowed;
  sum.cut += counted.cut;
  sum.flipped += counted.flipped;
}

}  // namespace yam::service
