#pragma once
// A transfer's packets in words, for --trace: it sees what leaves and what comes, knows what was there
// before, and yields the rungs of a ladder, which mark gaps, copies and what is sent again. It answers
// nothing.
//
//   handle_packet or handle_end, then poll_event until empty.
//
// DATA in a row is one rung. It waits for what ends the row: another kind of packet, a gap, ladder_run_max.

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "yam/base/bytes.hpp"
#include "yam/base/ladder.hpp"
#include "yam/proto/tftp/packet.hpp"
#include "yam/proto/tftp/transfer.hpp"

namespace yam::proto::tftp {

class Observer {
 public:
  using Actor = LadderEvent::Actor;

  static constexpr std::size_t holes_max = 64;  // that are remembered; what fills others counts as sent again

  // `conversation` is that of its rungs.
  explicit Observer(std::uint32_t conversation = 0) : conversation_(conversation) {}

  // A packet of `packet_bytes`, in the order of the wire, as one end of it sees it. `head` is all of it, or a
  // DATA's header.
  void handle_packet(Actor from, ByteView head, std::size_t packet_bytes, Time now);
  // Nothing comes any more.
  void handle_end();

  // A note, with the bytes of the file that its DATA carries.
  std::optional<LadderEvent> poll_event();

 private:
  // Of a block: not seen before; missed, and here after all; sent again; here a second time, of no use.
  enum class Kind : std::uint8_t { fresh, late, again, twice };
  struct Blocks {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
  };
  struct Run {
    Actor from = Actor::us;
    Kind kind = Kind::fresh;
    Blocks blocks;
    std::optional<Blocks> missing;  // before it
    std::uint64_t pieces = 1;
    std::uint64_t bytes = 0;
    std::size_t piece_bytes = 0;  // of each but the last
    std::size_t last_bytes = 0;
    bool is_even = true;  // that is true
    bool ends = false;    // with the last block of the file
    Time when{};
  };

  void handle_request(Actor from, const Request& request, Time now);
  void handle_option_ack(Actor from, const OptionAck& ack, Time now);
  void handle_data(Actor from, std::uint16_t number, std::size_t bytes, Time now);
  void handle_ack(Actor from, const Ack& ack, Time now);
  void handle_error(Actor from, const ErrorPacket& error, Time now);
  std::uint64_t block_of_data(std::uint16_t number);
  std::uint64_t block_of_ack(std::uint16_t number);
  Kind take(Actor from, std::uint64_t block);
  bool fill_hole(std::uint64_t block);
  bool joins_run(const Run& one) const;
  void finish_run();
  void push(Actor from, std::string words, Time now, std::uint64_t bytes = 0, std::uint64_t pieces = 1);

  std::uint32_t conversation_;
  std::size_t block_bytes_ = block_bytes_default;
  std::uint16_t window_ = 1;
  std::optional<Rollover> rollover_;
  std::uint64_t top_ = 0;       // the highest block seen
  std::uint64_t in_order_ = 0;  // and the one up to which a receiver that keeps nothing else has all
  std::vector<Blocks> holes_;   // below top_
  std::optional<std::uint64_t> acked_;
  std::string request_, option_ack_;  // their words
  std::optional<Run> run_;
  std::deque<LadderEvent> ready_;
};

}  // namespace yam::proto::tftp
