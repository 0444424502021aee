#include "yam/proto/tftp/observer.hpp"

#include <string>

#include <gtest/gtest.h>

namespace yam::proto::tftp {
namespace {

using namespace std::chrono_literals;
using Actor = LadderEvent::Actor;

constexpr Time start = Time(1000s);

// A transfer as one end sees it; what it yields, one line a rung: "> ACK 1" left us, "< ACK 1" came.
class Sight {
 public:
  Sight& request(Actor from, Request request) {
    EXPECT_TRUE(write_request(packet_, request));
    return pass(from);
  }
  Sight& option_ack(Actor from, OptionTexts options) {
    EXPECT_TRUE(write_option_ack(packet_, options));
    return pass(from);
  }
  // Blocks of 8 bytes each, the last of `last_bytes`; numbers as to_zero has them.
  Sight& data(Actor from, std::uint64_t first, std::uint64_t last, std::size_t last_bytes = 8) {
    for (std::uint64_t block = first; block <= last; ++block)
      numbered(from, static_cast<std::uint16_t>(block), block == last ? last_bytes : 8);
    return *this;
  }
  Sight& numbered(Actor from, std::uint16_t number, std::size_t bytes = 8) {
    const auto header = data_header(number);
    packet_.assign(header.begin(), header.end());
    packet_.resize(header_bytes + bytes);
    return pass(from);
  }
  Sight& ack(Actor from, std::uint16_t number) {
    write_ack(packet_, number);
    return pass(from);
  }
  Sight& error(Actor from, ErrorCode code, std::string_view text) {
    write_error(packet_, code, text);
    return pass(from);
  }
  Sight& bytes(Actor from, std::string_view raw) {
    packet_ = copy_of(bytes_of(raw));
    return pass(from);
  }
  Sight& after(Duration span) {
    now_ += span;
    return *this;
  }
  std::string told() {
    observer_.handle_end();
    std::string lines;
    while (const auto event = observer_.poll_event()) {
      EXPECT_EQ(event->what, LadderEvent::What::note);
      EXPECT_EQ(event->conversation, 7U);
      lines += (event->from == Actor::us ? "> " : "< ") + event->detail + "\n";
      file_bytes_ += event->bytes;
    }
    return lines;
  }
  std::uint64_t file_bytes() const { return file_bytes_; }

 private:
  Sight& pass(Actor from) {
    observer_.handle_packet(from, packet_, packet_.size(), now_);
    return *this;
  }

  Observer observer_{7};
  Bytes packet_;
  Time now_ = start;
  std::uint64_t file_bytes_ = 0;
};

constexpr Actor us = Actor::us, peer = Actor::peer;

// In blocks of 8 and windows of `window`, from the OACK on.
Sight agreed(Actor server, std::string_view window) {
  Sight sight;
  sight.option_ack(server, {{"blksize", "8"}, {"windowsize", window}});
  EXPECT_EQ(sight.told().substr(2), "OACK blksize=8 windowsize=" + std::string(window) + "\n");
  return sight;
}

TEST(Observer, TellsADownloadInWindows) {
  Sight sight;
  sight.request(us, {false, "boot.img", Mode::octet, {{"blksize", "8"}, {"tsize", "0"}, {"x", "y z"}}})
      .option_ack(peer, {{"blksize", "8"}, {"windowsize", "4"}})
      .ack(us, 0)
      .data(peer, 1, 4)
      .ack(us, 4)
      .data(peer, 5, 7, 3)
      .ack(us, 7);
  EXPECT_EQ(sight.told(),
            "> RRQ boot.img octet blksize=8 tsize=0 x=y z\n"
            "< OACK blksize=8 windowsize=4\n"
            "> ACK 0\n"
            "< DATA 1–4 (4 × 8)\n"
            "> ACK 4\n"
            "< DATA 5–7, the last (2 × 8 + 3)\n"
            "> ACK 7\n");
  EXPECT_EQ(sight.file_bytes(), 51U);
}

TEST(Observer, TellsAPlainUpload) {
  Sight sight;
  sight.request(us, {true, "a", Mode::netascii, {}}).ack(peer, 0).numbered(us, 1, 512).ack(peer, 1);
  sight.numbered(us, 2, 0).ack(peer, 2);
  EXPECT_EQ(sight.told(),
            "> WRQ a netascii\n"
            "< ACK 0\n"
            "> DATA 1 (512)\n"
            "< ACK 1\n"
            "> DATA 2, the last (0)\n"
            "< ACK 2\n");
}

TEST(Observer, MarksWhatIsAskedAgain) {
  const Request request{false, "a", Mode::octet, {}};
  Sight sight;
  sight.request(peer, request).request(peer, request).option_ack(us, {{"tsize", "9"}});
  sight.option_ack(us, {{"tsize", "9"}}).request(peer, {false, "b", Mode::octet, {}});
  EXPECT_EQ(sight.told(),
            "< RRQ a octet\n"
            "< RRQ a octet again\n"
            "> OACK tsize=9\n"
            "> OACK tsize=9 again\n"
            "< RRQ b octet\n");
}

TEST(Observer, MarksAGapWhereItReceives) {
  Sight sight = agreed(peer, "8");
  sight.data(peer, 1, 4).data(peer, 6, 8).ack(us, 4).data(peer, 5, 9).ack(us, 9);
  EXPECT_EQ(sight.told(),
            "< DATA 1–4 (4 × 8)\n"
            "< DATA 6–8 (3 × 8): 5 missing\n"
            "> ACK 4: a gap behind block 4\n"
            "< DATA 5–8 again (4 × 8)\n"
            "< DATA 9 (8)\n"
            "> ACK 9\n");
}

TEST(Observer, MarksAGapWhereItSends) {
  Sight sight = agreed(us, "8");
  sight.data(us, 1, 8).ack(peer, 4).data(us, 5, 8).data(us, 9, 12).ack(peer, 12).data(us, 13, 20);
  sight.after(1s).data(us, 13, 20).ack(peer, 20).ack(peer, 12).ack(peer, 20);
  EXPECT_EQ(sight.told(),
            "> DATA 1–8 (8 × 8)\n"
            "< ACK 4: a gap behind block 4\n"
            "> DATA 5–8 again (4 × 8)\n"
            "> DATA 9–12 (4 × 8)\n"
            "< ACK 12\n"
            "> DATA 13–20 (8 × 8)\n"
            "> DATA 13–20 again (8 × 8)\n"
            "< ACK 20\n"
            "< ACK 12 late\n"
            "< ACK 20 again\n");
}

TEST(Observer, TellsCopiesAndLatecomersFromLosses) {
  Sight sight = agreed(peer, "8");
  sight.data(peer, 1, 2).data(peer, 2, 2).data(peer, 4, 4).data(peer, 3, 3).data(peer, 5, 5);
  EXPECT_EQ(sight.told(),
            "< DATA 1–2 (2 × 8)\n"
            "< DATA 2 twice (8)\n"
            "< DATA 4 (8): 3 missing\n"
            "< DATA 3 late (8)\n"
            "< DATA 5 (8)\n");
}

TEST(Observer, RemembersManyGaps) {
  Sight sight = agreed(peer, "1000");
  for (std::uint64_t block = 2; block <= 200; block += 2)
    sight.data(peer, block, block);
  sight.told();
  sight.data(peer, 199, 199).data(peer, 1, 1).data(peer, 197, 197);
  EXPECT_EQ(sight.told(), "< DATA 199 late (8)\n< DATA 1 again (8)\n< DATA 197 late (8)\n");
}

TEST(Observer, SplitsAGapOnlySoOften) {
  Sight sight = agreed(peer, "1000");
  sight.data(peer, 1000, 1000);
  for (std::uint64_t block = 2; block < 1000; block += 2)
    sight.data(peer, block, block);
  sight.told();
  sight.data(peer, 3, 3).data(peer, 999, 999);
  EXPECT_EQ(sight.told(), "< DATA 3 late (8)\n< DATA 999 again (8)\n");
}

TEST(Observer, FillsAGapFromBothSidesAndTheMiddle) {
  Sight sight = agreed(peer, "9");
  sight.data(peer, 9, 9);
  for (const std::uint64_t block : {4U, 1U, 8U, 4U})
    sight.data(peer, block, block);
  EXPECT_EQ(sight.told(),
            "< DATA 9 (8): 1–8 missing\n"
            "< DATA 4 late (8)\n"
            "< DATA 1 late (8)\n"
            "< DATA 8 late (8)\n"
            "< DATA 4 again (8)\n");
}

TEST(Observer, CountsOnBehindRollover) {
  Sight zero = agreed(us, "100");
  for (std::uint64_t block = 1; block <= 65501; block += 100)
    zero.data(us, block, block + 99).ack(peer, static_cast<std::uint16_t>(block + 99));
  zero.told();
  zero.data(us, 65601, 65700).ack(peer, static_cast<std::uint16_t>(65700));
  EXPECT_EQ(zero.told(), "> DATA 65601–65700 (100 × 8)\n< ACK 65700\n");

  Sight lockstep = agreed(peer, "1");
  lockstep.data(peer, 1, 65535).told();
  lockstep.ack(us, 65535).numbered(peer, 1).ack(us, 1).numbered(peer, 2);
  EXPECT_EQ(lockstep.told(), "> ACK 65535\n< DATA 65536 (8)\n> ACK 65536\n< DATA 65537 (8)\n");

  Sight window = agreed(peer, "2");
  window.data(peer, 1, 65535).told();
  window.numbered(peer, 1).ack(us, 1).numbered(peer, 2).numbered(peer, 3).ack(us, 3);
  EXPECT_EQ(window.told(),
            "< DATA 65537 (8): 65536 missing\n"  // a 0 that was lost, as far as one knows yet
            "> ACK 65536\n"
            "< DATA 65537–65538 (2 × 8)\n"
            "> ACK 65538\n");
}

TEST(Observer, BreaksARunThatTakesLong) {
  Sight sight = agreed(us, "64");
  sight.data(us, 1, 3).after(ladder_run_max).data(us, 4, 5);
  EXPECT_EQ(sight.told(), "> DATA 1–3 (3 × 8)\n> DATA 4–5 (2 × 8)\n");
}

TEST(Observer, TellsBlocksOfUnlikeLengths) {
  Sight sight = agreed(us, "64");
  sight.data(us, 1, 2, 5).data(us, 3, 4).data(us, 5, 6, 2);
  EXPECT_EQ(sight.told(), "> DATA 1–6, the last (39 bytes)\n");
}

TEST(Observer, TellsErrorsAndWhatIsNoPacket) {
  Sight sight;
  sight.error(peer, ErrorCode::not_found, "no such file").error(us, ErrorCode::disk_full, "");
  sight.bytes(peer, "x").bytes(peer, std::string_view("\0\7??", 4));
  const std::string told = sight.told();
  EXPECT_TRUE(told.starts_with("< ERROR 1: no such file\n> ERROR 3: disk full\n< malformed, 1 B: ")) << told;
}

// Numbers that fit nothing harm nothing.
TEST(Observer, TakesAnyNumbers) {
  Sight sight;
  std::uint32_t seed = 1;
  for (int i = 0; i < 20'000; ++i) {
    seed = seed * 1664525 + 1013904223;
    const auto number = static_cast<std::uint16_t>(seed >> 16);
    const Actor from = (seed & 256) != 0 ? us : peer;
    (seed & 512) != 0 ? sight.numbered(from, number) : sight.ack(from, number);
  }
  EXPECT_FALSE(sight.told().empty());
}

}  // namespace
}  // namespace yam::proto::tftp
