#include "yam/proto/tftp/requester.hpp"

#include <utility>

#include <fmt/format.h>

#include "yam/base/text.hpp"

namespace yam::proto::tftp {
namespace {

// What servers say that choke on options: RFC 2347's own code, and what those say that never heard of it.
bool may_mean_options(std::uint16_t code) {
  const auto known = static_cast<ErrorCode>(code);
  return known == ErrorCode::option_refused || known == ErrorCode::illegal_operation ||
         known == ErrorCode::undefined;
}

}  // namespace

Requester::Requester(Ask ask, Time now, Patience patience)
    : ask_(std::move(ask)), patience_(patience), plain_(ask_.options.empty()), began_(now) {}

Result<Requester> Requester::make(Ask ask, Time now, Patience patience) {
  Requester requester(std::move(ask), now, patience);
  const Result<void> written = requester.write();
  if (!written) return fail(written.error());
  return requester;
}

Result<void> Requester::write() {
  const OptionWords words(plain_ ? Options() : ask_.options);
  return write_request(packet_, {ask_.write, ask_.name, ask_.mode, words.texts()});
}

void Requester::handle_packet(ByteView bytes, Time now) {
  if (agreement_ || end_ != End::none) return;
  const Result<Packet> packet = decode(bytes);
  if (!packet) return;
  if (const auto* error = std::get_if<ErrorPacket>(&*packet)) return handle_error(*error, now);
  if (const auto* ack = std::get_if<OptionAck>(&*packet)) return handle_option_ack(*ack, now);
  const auto* data = std::get_if<Data>(&*packet);
  const auto* ack = std::get_if<Ack>(&*packet);
  if (data && !ask_.write && data->number == 1) agree(Agreement::By::data, Terms(), now);
  if (ack && ask_.write && ack->number == 0) agree(Agreement::By::ack, Terms(), now);
}

void Requester::handle_error(const ErrorPacket& error, Time) {
  const char* what = ask_.write ? "take" : "give";
  Error refusal{Code::refused,
                fmt::format("the server does not {} {}: {}", what, quoted(ask_.name), describe(error)),
                {}};
  if (!plain_ && may_mean_options(error.code)) {
    refusals_due_ = sent_ - 1;
    return ask_plainly();
  }
  if (!fell_back() || !is_late(error.code)) return finish(End::peer_error, std::move(refusal));
  late_refusal_ = std::move(refusal);
}

// Whether that answers a request with options that was under way when another one's refusal came. ERROR 8
// cannot mean anything else, however often it is copied; other codes are believed when it is too many of
// them.
bool Requester::is_late(std::uint16_t code) {
  if (static_cast<ErrorCode>(code) == ErrorCode::option_refused) return true;
  if (!may_mean_options(code) || refusals_due_ == 0) return false;
  --refusals_due_;
  return true;
}

void Requester::handle_option_ack(const OptionAck& ack, Time now) {
  const Result<Options> granted = check_granted(ask_.options, ack.options);
  if (granted) return agree(Agreement::By::option_ack, Terms(*granted), now);
  finish(End::broken, {Code::protocol, "the server's answer is wrong: " + granted.error().what, {}});
  write_error(packet_, ErrorCode::option_refused, granted.error().what);
  error_waits_ = true;
}

void Requester::agree(Agreement::By by, const Terms& terms, Time now) {
  std::optional<Duration> round_trip;
  if (sent_ == 1) round_trip = now - sent_at_;
  agreement_ = Agreement{by, terms, round_trip};
  request_waits_ = false;
}

void Requester::ask_plainly() {
  plain_ = true;
  request_waits_ = true;
  static_cast<void>(write());  // shorter than what was written before
}

void Requester::handle_fault(ErrorCode code, std::string_view text, Time) {
  if (end_ != End::none) return;
  finish(End::stopped, {Code::local, std::string(text), {}});
  if (!agreement_) return;
  write_error(packet_, code, text);
  error_waits_ = true;
}

void Requester::handle_timeout(Time now) {
  if (now < deadline() || end_ != End::none || agreement_) return;
  ++tries_;
  round_trip_.handle_timeout();
  if (tries_ >= patience_.tries_max && now - began_ >= patience_.silence) {
    if (late_refusal_) return finish(End::peer_error, *late_refusal_);
    return finish(End::silent,
                  {Code::timeout, fmt::format("no answer to {} requests for {}", sent_, quoted(ask_.name)),
                   "is UDP to this port, and from any port of the server, let through?"});
  }
  request_waits_ = true;
  if (!plain_ && tries_ >= option_tries_max) ask_plainly();
}

std::optional<Requester::Outgoing> Requester::poll_packet(Time now) {
  if (std::exchange(error_waits_, false)) return Outgoing{packet_, false};
  if (!std::exchange(request_waits_, false)) return std::nullopt;
  ++sent_;
  sent_at_ = now;
  resend_at_ = after(now, round_trip_.timeout());
  return Outgoing{packet_, true};
}

void Requester::finish(End end, Error error) {
  end_ = end;
  error_ = std::move(error);
  request_waits_ = false;
}

}  // namespace yam::proto::tftp
