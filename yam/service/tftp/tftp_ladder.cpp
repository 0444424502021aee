#include "yam/service/tftp/tftp_ladder.hpp"

#include <algorithm>
#include <utility>

namespace yam::service {

using Actor = LadderEvent::Actor;

TftpLadder::TftpLadder(LadderSink& sink, std::string_view us, std::string_view peer, Time now)
    : sink_(sink), conversation_(sink.handle_begin(now, us, peer)), observer_(conversation_), last_(now) {}

TftpLadder::~TftpLadder() {
  handle_end("interrupted", {}, Clock::now());
  observer_.handle_end();
  hand_over();
}

void TftpLadder::handle_sent(ByteView head, std::size_t packet_bytes, Time now) {
  last_ = std::max(last_, now);
  observer_.handle_packet(Actor::us, head, packet_bytes, last_);
  hand_over();
}

void TftpLadder::handle_received(ByteView packet, Time now) {
  last_ = std::max(last_, now);
  observer_.handle_packet(Actor::peer, packet, packet.size(), last_);
  hand_over();
}

void TftpLadder::handle_end(std::string_view how, const proto::tftp::Statistics& statistics, Time now) {
  if (std::exchange(ended_, true)) return;
  observer_.handle_end();
  hand_over();
  LadderEvent event;
  event.when = now;
  event.conversation = conversation_;
  event.what = LadderEvent::What::ended;
  event.detail = how;
  event.totals = totals_;
  if (statistics.round_trip) {
    event.path.emplace();
    event.path->round_trip = std::chrono::duration_cast<std::chrono::microseconds>(*statistics.round_trip);
    event.path->retransmitted = statistics.retransmissions;
  }
  sink_.handle_rung(std::move(event));
}

void TftpLadder::hand_over() {
  while (auto event = observer_.poll_event()) {
    (event->from == Actor::us ? totals_.sent : totals_.received) += event->bytes;
    sink_.handle_rung(std::move(*event));
  }
}

}  // namespace yam::service
