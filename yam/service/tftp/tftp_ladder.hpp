#pragma once
// The ladder of one transfer, as --trace draws it: taps a port, and hands what a person wants to read of its
// packets to who draws.

#include <string>
#include <string_view>

#include "yam/base/ladder.hpp"
#include "yam/proto/tftp/observer.hpp"
#include "yam/service/tftp/tftp_tap.hpp"

namespace yam::service {

class TftpLadder final : public TftpTap {
 public:
  // `sink` outlives it. The addresses are those above the lifelines.
  TftpLadder(LadderSink& sink, std::string_view us, std::string_view peer, Time now);
  // Of a transfer whose end nobody told: it was cancelled.
  ~TftpLadder();
  TftpLadder(const TftpLadder&) = delete;
  TftpLadder& operator=(const TftpLadder&) = delete;

  void handle_sent(ByteView head, std::size_t packet_bytes, Time now) override;
  void handle_received(ByteView packet, Time now) override;
  // How it ended, in words; what still passes then is a rung below. Only the first time counts.
  void handle_end(std::string_view how, const proto::tftp::Statistics& statistics, Time now);

 private:
  void hand_over();

  LadderSink& sink_;
  std::uint32_t conversation_;
  proto::tftp::Observer observer_;
  LadderTotals totals_;
  Time last_;  // what arrived together is told with the time of the loop's turn, which may be earlier
  bool ended_ = false;
};

}  // namespace yam::service
