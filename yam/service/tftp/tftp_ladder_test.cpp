#include "yam/service/tftp/tftp_ladder.hpp"

#include <memory>
#include <vector>

#include <gtest/gtest.h>

namespace yam::service {
namespace {

using namespace std::chrono_literals;
using What = LadderEvent::What;

constexpr Time start = Time(1000s);

struct Drawn final : LadderSink {
  std::uint32_t handle_begin(Time, std::string_view us, std::string_view peer) override {
    lines.push_back(std::string(us) + " " + std::string(peer));
    return 3;
  }
  void handle_rung(LadderEvent event) override {
    EXPECT_EQ(event.conversation, 3U);
    if (event.totals)
      event.detail += " " + std::to_string(event.totals->sent) + " " + std::to_string(event.totals->received);
    if (event.path) event.detail += " again " + std::to_string(event.path->retransmitted);
    lines.push_back(std::move(event.detail));
  }

  std::vector<std::string> lines;
};

Bytes block(std::uint16_t number, std::size_t bytes) {
  const auto header = proto::tftp::data_header(number);
  Bytes packet(header.begin(), header.end());
  packet.resize(proto::tftp::header_bytes + bytes);
  return packet;
}

TEST(TftpLadder, HandsOverRungsAndTotals) {
  Drawn drawn;
  auto ladder = std::make_unique<TftpLadder>(drawn, "us:1", "peer:2", start);
  Bytes ack;
  ladder->handle_sent(block(1, 0), 516, start);  // of DATA the header does
  ladder->handle_sent(block(2, 100), 104, start);
  proto::tftp::write_ack(ack, 2);
  ladder->handle_received(ack, start);
  ladder->handle_received(block(1, 7), start);
  proto::tftp::Statistics statistics;
  statistics.round_trip = 3ms;
  statistics.retransmissions = 4;
  ladder->handle_end("whole", statistics, start);
  ladder->handle_received(ack, start);
  ladder.reset();
  const std::vector<std::string> expected{"us:1 peer:2",
                                          "DATA 1–2, the last (512 + 100)",
                                          "ACK 2",
                                          "DATA 1 twice, the last (7)",
                                          "whole 612 7 again 4",
                                          "ACK 2 again"};
  EXPECT_EQ(drawn.lines, expected);
}

TEST(TftpLadder, LetsNoTimeGoBack) {
  struct Times final : LadderSink {
    std::uint32_t handle_begin(Time, std::string_view, std::string_view) override { return 0; }
    void handle_rung(LadderEvent event) override { all.push_back(event.when); }
    std::vector<Time> all;
  } times;
  {
    TftpLadder ladder(times, "us:1", "peer:2", start);
    Bytes ack;
    proto::tftp::write_ack(ack, 0);
    ladder.handle_sent(ack, ack.size(), start + 2ms);
    ladder.handle_received(block(1, 512), start + 1ms);
    ladder.handle_end("whole", {}, start + 3ms);
  }
  EXPECT_EQ(times.all, (std::vector<Time>{start + 2ms, start + 2ms, start + 3ms}));
}

TEST(TftpLadder, TellsOfATransferThatWasCutOff) {
  Drawn drawn;
  {
    TftpLadder ladder(drawn, "us:1", "peer:2", start);
    ladder.handle_received(block(1, 512), start);
  }
  const std::vector<std::string> expected{"us:1 peer:2", "DATA 1 (512)", "interrupted 0 512"};
  EXPECT_EQ(drawn.lines, expected);
}

}  // namespace
}  // namespace yam::service
