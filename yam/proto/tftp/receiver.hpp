#pragma once
// Receives one file in order (RFC 1350 §2, RFC 7440 §4): a client's download, or a server's answer to a write
// request. It keeps no blocks: what is in order is handed out at once, what is not is asked for again.
//
//   handle_packet, then poll_data once and append it to the file, then poll_packet until empty.
//   When complete(): flush and rename the file, then handle_saved, and only now the last ACK leaves.
//   It dallies after that, to answer a last block that comes again (RFC 1350 §6), until gone().
//
// A hole in a window is asked for at once, and once. The view poll_data gives points into the packet.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "yam/base/bytes.hpp"
#include "yam/base/result.hpp"
#include "yam/base/time.hpp"
#include "yam/proto/tftp/options.hpp"
#include "yam/proto/tftp/packet.hpp"
#include "yam/proto/tftp/round_trip.hpp"
#include "yam/proto/tftp/transfer.hpp"

namespace yam::proto::tftp {

// Rounds of a window in which block number 0 after 65535 was missing and 1 was there, until the sender is
// believed to go on with 1.
inline constexpr unsigned rollover_doubts_max = 8;

class Receiver {
 public:
  struct Setup {
    Terms terms = {};
    Bytes option_ack = {};  // a server that grants options answers with this; empty: with ACK 0
    bool answers = true;    // false: the first DATA came without being asked for by an ACK (RFC 1350 RRQ)
    bool proved = false;    // as Sender's: a client's server is
    Patience patience = {};
    std::optional<Duration> round_trip = {};
  };
  Receiver(Setup setup, Time now);

  // Anything that came from the peer's address.
  void handle_packet(ByteView packet, Time now);
  // The peer repeated its request: what answered it may be lost.
  void handle_request_again(Time now);
  // The file is whole and safe: the last block may be acknowledged.
  void handle_saved(Time now);
  // This side cannot go on; the peer gets `text` in an ERROR.
  void handle_fault(ErrorCode code, std::string_view text, Time now);
  void handle_timeout(Time now);

  // The bytes of the block that the last handle_packet brought, if it was the one in turn; maybe empty.
  std::optional<ByteView> poll_data();
  // What to send; the view holds until the next call.
  std::optional<ByteView> poll_packet(Time now);
  Time deadline() const;

  bool complete() const { return state_ == State::complete; }  // all blocks are here: save, then handle_saved
  bool gone() const { return state_ == State::gone; }          // nothing is left to do, not even to answer
  End end() const { return end_; }                             // `done` from handle_saved on
  const Error& error() const { return error_; }                // of an end that is not `done`
  const Statistics& statistics() const { return statistics_; }
  bool proved() const { return proved_; }

 private:
  enum class State : std::uint8_t { receiving, complete, dallying, gone };
  enum class Waiting : std::uint8_t { nothing, option_ack, ack, error };

  void handle_data(const Data& data, Time now);
  std::optional<std::int32_t> ahead_of_wanted(std::uint16_t number);
  void take(const Data& data, Time now);
  void ask_again();
  void acknowledge();
  Duration silence() const;  // that ends it
  Duration dally() const;
  Time due(Time now, Duration wait) const;  // within that
  void finish(End end, Error error);
  void say_error(ErrorCode code, std::string_view text);

  State state_ = State::receiving;
  End end_ = End::none;
  Waiting waiting_ = Waiting::nothing;
  bool proved_;
  bool gap_asked_ = false;  // for wanted_
  bool again_ = false;      // the ACK that waits was sent before
  std::optional<Rollover> rollover_;
  bool doubts_ = true;  // each time that we ask, number 1 without 0 counts once
  std::uint8_t rollover_doubts_ = 0;
  std::uint16_t block_bytes_;
  std::uint16_t window_;
  unsigned tries_ = 0;
  Patience patience_;
  Duration proved_silence_;
  std::uint64_t wanted_ = 1;
  std::uint64_t acked_ = 0;
  std::optional<Time> asked_at_;  // an ACK left then, for the first time; the DATA it brings is measured
  Time said_at_{};                // the last packet left
  Time due_at_ = never;
  Time heard_at_;
  RoundTrip round_trip_;
  std::optional<ByteView> data_;
  Bytes packet_;  // the OACK until the first block, later whatever is sent
  Error error_;
  Statistics statistics_;
};

}  // namespace yam::proto::tftp
