#pragma once
// Sends one file, block by block or window by window (RFC 1350 §2, RFC 7440 §4): a server's answer to a read
// request, or a client's upload. No sockets, no clock, no file: it says which blocks to send, as offsets.
//
//   handle_packet / handle_source / handle_timeout / …  then  poll_output until empty, then
//   come back with the next packet, at deadline(), or when the source has more; end() says how it went.
//
// What keeps it in bounds: an acknowledgement that came before sends nothing again but for one return to a
// gap in a window (RFC 1123 §4.2.3.1) within a timeout, and a peer that has not answered yet gets one answer
// per request.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

#include "yam/base/bytes.hpp"
#include "yam/base/result.hpp"
#include "yam/base/time.hpp"
#include "yam/proto/tftp/options.hpp"
#include "yam/proto/tftp/packet.hpp"
#include "yam/proto/tftp/round_trip.hpp"
#include "yam/proto/tftp/transfer.hpp"

namespace yam::proto::tftp {

inline constexpr std::size_t burst_bytes_first = 128 << 10;  // what a default socket buffer surely takes
inline constexpr std::size_t burst_bytes_floor = 64 << 10;   // losses shrink a burst no further
inline constexpr Duration burst_gap_min = std::chrono::microseconds(200);
inline constexpr Duration burst_gap_max = std::chrono::milliseconds(5);

// DATA to send now, back to back: `blocks` of them from `first` on. The first `again` were sent before.
struct Burst {
  std::uint64_t first = 1;
  std::uint32_t blocks = 0;
  std::uint32_t again = 0;

  bool operator==(const Burst&) const = default;
};

// Where a block's bytes lie in the source.
struct BlockRange {
  std::uint64_t offset = 0;
  std::size_t bytes = 0;

  bool operator==(const BlockRange&) const = default;
};

class Sender {
 public:
  struct Setup {
    Terms terms = {};
    // A server that grants options sends this OACK first and waits for ACK 0 (RFC 2347). Empty: DATA 1 goes
    // out at once.
    Bytes option_ack = {};
    // The peer has answered us from where it says it is: a client's is, a server's not until its first ACK.
    bool proved = false;
    Rollover rollover = Rollover::to_zero;
    Patience patience = {};
    std::optional<Duration> round_trip = {};  // of the request, when it was sent once
  };
  Sender(Setup setup, Time now);

  // Anything that came from the peer's address. What fits nothing is counted and otherwise ignored.
  void handle_packet(ByteView packet, Time now);
  // The source holds `bytes_ready` bytes from its beginning on, and no more when it has `ended`. Neither goes
  // back. A file says so once; what is converted or read from a pipe, whenever it has grown.
  void handle_source(std::uint64_t bytes_ready, bool ended, Time now);
  // The peer repeated its request: what answered it may be lost.
  void handle_request_again(Time now);
  // This side cannot go on; the peer gets `text` in an ERROR. `code` and the error's words are for end().
  void handle_fault(ErrorCode code, std::string_view text, Time now);
  void handle_timeout(Time now);

  // A burst of DATA, or a packet as it is; the view holds until the next call.
  using Output = std::variant<Burst, ByteView>;
  std::optional<Output> poll_output(Time now);
  // When to call handle_timeout and poll_output; `never` when only a packet or the source can bring it on.
  Time deadline() const;

  std::array<std::byte, header_bytes> header(std::uint64_t block) const {
    return data_header(wire_number(block, rollover_));
  }
  BlockRange range(std::uint64_t block) const;
  // No byte of the source before this offset is needed again …
  std::uint64_t source_kept_from() const { return acked_ * block_bytes_; }
  // Here it goes on with what was not sent before, …
  std::uint64_t source_sent_to() const { return (next_ - 1) * block_bytes_; }
  // … and none beyond this one yet.
  std::uint64_t source_wanted_to() const { return (acked_ + window_) * block_bytes_; }

  // An end leaves at most one ERROR to poll.
  End end() const { return end_; }
  const Error& error() const { return error_; }  // of an end that is not `done`
  const Statistics& statistics() const { return statistics_; }
  bool proved() const { return proved_; }
  bool unanswered() const { return tries_ > 0; }  // a timeout has passed since the last progress

 private:
  enum class State : std::uint8_t { awaiting_option_ack, sending, ended };
  enum class Probe : std::uint8_t { none, due, sent };

  void handle_ack(std::uint16_t number, Time now);
  void take_progress(std::uint64_t block, Time now);
  void go_back(Time now);
  void note_run(std::uint64_t blocks);
  std::uint16_t flight() const;  // blocks for a round trip, where losses go on
  void note_loss(bool severe);
  void grow();
  void prove(Time now);
  void finish(End end, Error error);
  void say_error(ErrorCode code, std::string_view text);
  void sample(Time now);
  Duration silence() const;                 // that ends it
  Time due(Time now, Duration wait) const;  // within that
  bool awaiting() const;                    // something was sent that the peer has not answered
  std::uint64_t window_end() const;

  State state_;
  End end_ = End::none;
  Rollover rollover_;
  bool proved_;
  bool answer_due_ = true;  // not proved: the request has not had its one answer
  Probe probe_ = Probe::none;
  bool went_back_ = false;  // to the block behind acked_, because of an acknowledgement
  bool packet_waits_ = false;
  bool lossless_ = true;     // so far
  std::uint8_t losses_ = 0;  // since a window came through whole
  std::uint16_t block_bytes_;
  std::uint16_t window_;
  std::uint16_t burst_;  // blocks that leave back to back
  std::uint16_t run_;    // that come in order between two holes, smoothed
  unsigned tries_ = 0;
  Patience patience_;
  Duration proved_silence_;
  std::uint64_t acked_ = 0;
  std::uint64_t next_ = 1;
  std::uint64_t sent_ = 0;  // the highest block that was ever sent
  std::uint64_t ready_bytes_ = 0;
  std::uint64_t ready_blocks_ = 0;
  std::optional<std::uint64_t> last_;
  std::optional<std::uint64_t> timed_;  // the block whose acknowledgement is measured
  Time timed_at_{};
  Time burst_at_{};  // the last one left
  std::uint64_t went_back_to_ = 0;
  Time went_back_until_ = Time::min();  // a round trip after the last time
  Time next_burst_at_ = Time::min();
  Time resend_at_ = never;
  Time heard_at_;  // of the last progress
  RoundTrip round_trip_;
  Bytes packet_;
  Error error_;
  Statistics statistics_;
};

}  // namespace yam::proto::tftp
