#include "yam/service/tftp_client/tftp_client.hpp"

#include "yam/proto/tftp/receiver.hpp"
#include "yam/proto/tftp/sender.hpp"
#include "yam/service/tftp_client/tftp_call.hpp"

namespace yam::service {

namespace tftp = proto::tftp;

namespace {

// How long a client stays to answer a last block that comes again, on a path that has lost something; on
// another nobody waits for it (RFC 1350 §6 asks for no more than that it is wise). Over Ethernet the timeouts
// are 80 ms, and yam's sender asks again twice meanwhile; one that waits for a second is not met anyway.
constexpr Duration dally_after_losses = std::chrono::milliseconds(500);
constexpr unsigned dally_timeouts = 8;

bool has_lost_something(const tftp::Statistics& statistics) {
  return statistics.retransmissions + statistics.duplicates + statistics.gaps + statistics.timeouts > 0;
}

// The server of a transfer that is cancelled is told, so that it need not wait.
class Farewell {
 public:
  explicit Farewell(TftpPort& port) : port_(port) {}
  ~Farewell() {
    if (!is_over_)
      port_.send_error_to(port_.peer(), tftp::ErrorCode::undefined, "the client was interrupted");
  }
  Farewell(const Farewell&) = delete;
  Farewell& operator=(const Farewell&) = delete;

  void is_over() { is_over_ = true; }

 private:
  TftpPort& port_;
  bool is_over_ = false;
};

// What differs from RFC 1350 was granted.
tftp::Options granted_in(const tftp::Terms& terms) {
  tftp::Options granted;
  if (terms.block_bytes != tftp::block_bytes_default) granted.block_bytes = terms.block_bytes;
  if (terms.window != 1) granted.window = terms.window;
  if (terms.timeout) granted.timeout_seconds = static_cast<std::uint8_t>(terms.timeout->count());
  granted.size_bytes = terms.size_bytes;
  return granted;
}

// Why a transfer with that server did not end well.
template <class Machine>
std::unexpected<Error> fail_with(const Machine& machine, const TftpReport& report) {
  Error error = machine.error();
  if (machine.end() != tftp::End::stopped || error.what != TftpPort::gone) return fail(std::move(error));
  return fail(Code::network, "cannot go on with " + report.server.to_string() + ": " + error.what);
}

Result<void> draw_end(const TftpCall& call, const TftpReport& report, const Result<void>& outcome) {
  const std::string how = outcome ? "whole" : outcome.error().what;
  if (call.ladder) call.ladder->handle_end(how, report.statistics, Clock::now());
  return outcome;
}

// Says how long it all took, however it ends.
class Timed {
 public:
  explicit Timed(TftpReport& report) : report_(report) {}
  ~Timed() { report_.span = Clock::now() - began_; }
  Timed(const Timed&) = delete;
  Timed& operator=(const Timed&) = delete;

 private:
  TftpReport& report_;
  Time began_ = Clock::now();
};

}  // namespace

net::Task<Result<void>> tftp_get(net::Loop& loop, TftpUrl url, TftpWish wish, Download& into,
                                 TftpReport& report) {
  TftpScratch scratch;
  auto timed = std::make_unique<Timed>(report);
  constexpr std::uint64_t please_tell = 0;
  auto calling = call_tftp_server(loop, scratch, url, wish, false, please_tell, report);
  auto call = co_await std::move(calling);
  if (!call) co_return fail(call.error());
  report.granted = granted_in(call->agreement.terms);
  report.size_bytes = call->agreement.terms.size_bytes;
  into.expect(url.mode, report.size_bytes);

  tftp::Receiver::Setup setup;
  setup.terms = call->agreement.terms;
  setup.answers = call->agreement.by == tftp::Agreement::By::option_ack;
  setup.proved = true;
  setup.patience = patience_of(wish);
  setup.patience.dally = dally_after_losses;
  setup.patience.dally_timeouts = dally_timeouts;
  setup.round_trip = call->agreement.round_trip;
  tftp::Receiver receiver(std::move(setup), Clock::now());
  Farewell farewell(*call->port);
  auto receiving = receive_blocks(*call->port, receiver, into, std::move(call->first));
  co_await std::move(receiving);
  farewell.is_over();
  report.statistics = receiver.statistics();
  timed.reset();
  Result<void> outcome;
  if (into.fault()) {
    outcome = fail(*into.fault());
  } else if (receiver.end() != tftp::End::done) {
    outcome = fail_with(receiver, report);
  }
  if (!draw_end(*call, report, outcome)) co_return outcome;
  if (has_lost_something(receiver.statistics())) {
    auto dallying = dally(*call->port, receiver);
    co_await std::move(dallying);
  }
  co_return Result<void>();
}

net::Task<Result<void>> tftp_put(net::Loop& loop, TftpUrl url, TftpWish wish, Upload& from,
                                 TftpReport& report) {
  TftpScratch scratch;
  if (!from.has_ended()) {  // who types, or a slow pipe, keeps no server waiting for its first block
    auto growing = from.grow(0, 0, never);
    const auto grown = co_await std::move(growing);
    if (!grown) co_return fail(*from.fault());
  }
  const Timed timed(report);
  report.size_bytes = from.size_bytes();
  auto calling = call_tftp_server(loop, scratch, url, wish, true, report.size_bytes, report);
  auto call = co_await std::move(calling);
  if (!call) co_return fail(call.error());
  report.granted = granted_in(call->agreement.terms);

  tftp::Sender::Setup setup;
  setup.terms = call->agreement.terms;
  setup.proved = true;
  setup.patience = patience_of(wish);
  setup.round_trip = call->agreement.round_trip;
  tftp::Sender sender(std::move(setup), Clock::now());
  Farewell farewell(*call->port);
  auto sending = send_blocks(*call->port, sender, from);
  co_await std::move(sending);
  farewell.is_over();
  report.statistics = sender.statistics();
  Result<void> outcome;
  if (from.fault()) {
    outcome = fail(*from.fault());
  } else if (sender.end() != tftp::End::done) {
    outcome = fail_with(sender, report);
  }
  co_return draw_end(*call, report, outcome);
}

}  // namespace yam::service
