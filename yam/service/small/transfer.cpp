#include "yam/service/small/transfer.hpp"

#include "yam/base/quantity.hpp"
#include "yam/net/either.hpp"

namespace yam::service {

using Kind = ServerEvent::Kind;

namespace {

struct Meter final : net::RelayObserver {
  void moved(std::size_t bytes) override { total += bytes; }
  std::uint64_t total = 0;
};

net::Task<Result<>> move(Visit& visit, net::Stream& from, net::Stream& to, net::RelayOptions options,
                         net::Relayed& relayed) {
  auto relaying = net::relay(visit.loop(), from, to, options);
  relayed = co_await std::move(relaying);
  co_return Result<>();
}

// Ends when the rate is too low.
net::Task<Result<>> watch_rate(Visit& visit, Meter& meter) {
  const ServeLimits limits = visit.hosting().limits;
  const Time began = visit.loop().now();
  for (;;) {
    const Time due = after(began, transfer_time(limits, meter.total));
    if (due <= visit.loop().now())
      co_return fail(Code::timeout, "slower than min-rate (" + print_rate(limits.min_rate) + ")");
    co_await visit.loop().sleep_until(due);
  }
}

}  // namespace

Transfer::Transfer(Visit& visit, std::string peer, std::string name)
    : visit_(visit), event_(visit.event(Kind::fault)), began_(visit.loop().now()) {
  event_.peer = std::move(peer);
  event_.name = std::move(name);
}

Transfer::~Transfer() {
  if (!is_over_) break_off({Code::interrupted, "the server stopped", ""});
}

void Transfer::succeed() {
  tell(visit_.service().kind == ServiceKind::inbox ? Kind::received : Kind::sent);
}

void Transfer::refuse(Error error) {
  event_.error = std::move(error);
  tell(visit_.service().kind == ServiceKind::inbox ? Kind::broken_off : Kind::not_sent);
}

void Transfer::break_off(Error error) {
  visit_.stream().abort();
  refuse(std::move(error));
}

void Transfer::tell(Kind kind) {
  event_.kind = kind;
  event_.took = Clock::now() - began_;
  is_over_ = true;
  visit_.hosting().observer.handle_event(event_);
}

net::Task<net::Relayed> relay_file(Visit& visit, net::Stream& from, net::Stream& to,
                                   std::uint64_t bytes_max) {
  Meter meter;
  net::Relayed relayed;
  net::RelayOptions options;
  options.idle = visit.hosting().limits.idle;
  options.observer = &meter;
  options.bytes_max = bytes_max;
  auto moving = net::either(visit.loop(), move(visit, from, to, options, relayed), watch_rate(visit, meter));
  const auto in_time = co_await std::move(moving);
  if (!in_time) {
    relayed.bytes = meter.total;
    relayed.end = net::Relayed::End::reading_failed;
    relayed.error = in_time.error();
  }
  co_return relayed;
}

}  // namespace yam::service
