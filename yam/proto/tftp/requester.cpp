#include "yam/proto/tftp/requester.hpp"

#include <algorithm>
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
  if (data && !ask_.write && data->number == 1) {
    // What a plain request cannot bring stems from another one.
    if (fell_back() && data->bytes.size() > block_bytes_default) return;
    agree(Agreement::By::data, Terms(), now);
  }
  if (ack && ask_.write && ack->number == 0) agree(Agreement::By::ack, Terms(), now);
}

void Requester::handle_error(const ErrorPacket& error, Time) {
  const char* what = ask_.write ? "take" : "give";
  Error refusal{Code::refused,
                fmt::format("the server does not {} {}: {}", what, quoted(ask_.name), describe(error)),
                {}};
  if (!plain_ && may_mean_options(error.code)) {
    return ask_plainly(sent_ - 1);
  }
  if (!fell_back() || !is_late(error.code)) return finish(End::peer_error, std::move(refusal));
  late_refusal_ = std::move(refusal);
}

// Whether that answers a request with options that was under way when this side fell back. ERROR 8 cannot
// mean anything else, however often it is copied; other codes are believed when it is too many of them.
bool Requester::is_late(std::uint16_t code) {
  if (static_cast<ErrorCode>(code) == ErrorCode::option_refused) return true;
  if (!may_mean_options(code) || refusals_due_ == 0) return false;
  --refusals_due_;
  return true;
}

// A server that begins anew for the plain request, from this port or another, holds to what that says, and
// the one that has sent a late OACK would be a second one: it learns so once there is an agreement.
void Requester::handle_option_ack(const OptionAck& ack, Time now) {
  if (fell_back()) return;
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

void Requester::ask_plainly(unsigned refusals) {
  plain_ = true;
  refusals_due_ = refusals;
  round_trip_ = {};  // its own back-off: the silence would else be over after two tries
  request_waits_ = true;
  static_cast<void>(write());  // shorter than what was written before
}

Time Requester::deadline() const {
  if (agreement_ || end_ != End::none) return never;
  return std::min(resend_at_, after(began_, patience_.silence));  // the last wait is cut
}

void Requester::handle_timeout(Time now) {
  if (now < deadline()) return;
  if (now >= after(began_, patience_.silence)) {
    if (late_refusal_) return finish(End::peer_error, *late_refusal_);
    return finish(End::silent,
                  {Code::timeout, fmt::format("no answer to {} requests for {}", sent_, quoted(ask_.name)),
                   "is UDP to this port, and from any port of the server, let through?"});
  }
  round_trip_.handle_timeout();
  request_waits_ = true;
  if (!plain_ && sent_ >= option_tries_max) ask_plainly(sent_);
}

std::optional<ByteView> Requester::poll_packet(Time now) {
  if (std::exchange(error_waits_, false)) return ByteView(packet_);
  if (!std::exchange(request_waits_, false)) return std::nullopt;
  ++sent_;
  sent_at_ = now;
  resend_at_ = after(now, round_trip_.timeout());
  return ByteView(packet_);
}

void Requester::finish(End end, Error error) {
  end_ = end;
  error_ = std::move(error);
  request_waits_ = false;
}

}  // namespace yam::proto::tftp
