#pragma once
// Two streams talk to each other until they are done: what one says the other gets, with rules for who may
// end it. The heart of connect, listen and pipe. It opens nothing and prints nothing; how it ended is a
// value.

#include <optional>
#include <string>

#include "yam/net/relay.hpp"
#include "yam/wire/converter.hpp"

namespace yam::service {

// What the end of one side's bytes means.
enum class OnEof : std::uint8_t {
  half_close,  // it is passed on as a FIN; the other direction goes on until its own end
  close,       // it ends the whole conversation
  stay,        // nothing: the other side is not told, and goes on
};

struct ExchangeRules {
  ExchangeRules() = default;

  OnEof on_eof = OnEof::half_close;
  Duration idle = Duration(-1);  // silence in both directions that ends it; negative: no limit
  bool silence_is_an_end =
      false;          // the peer is a sender of datagrams who came to us: `idle` is how it leaves
  std::string until;  // a message of this text, from either side, ends it; empty: none
  wire::Converter* view = nullptr;  // how our side is shown what `incoming` made; --until reads before it
  bool ends_with_local = false;     // our side is a program: when it has ended there is nobody to talk to
  bool single_message = false;      // the peer's first message is all that is wanted
  bool ends_with_peer = false;      // our side is a person, whom the peer's end has to be told

  // Gain the bytes sent and received at the end, or where the exchange was cancelled; for sums over many.
  std::uint64_t* sent_sum = nullptr;
  std::uint64_t* received_sum = nullptr;
};

// Datagram peers never say that they are done: after our own end, this much silence is taken for theirs. Who
// called one may wait longer for its answers, with `idle`.
inline constexpr Duration datagram_silence = std::chrono::seconds(1);

// A datagram at its largest, and enough for a stream's pieces.
inline constexpr std::size_t piece_bytes_max = 65'536;

struct ExchangeEnd {
  enum class How : std::uint8_t {
    both_ended,
    local_ended,
    peer_ended,
    word_said,
    fell_silent,
    message_came,
    failed
  };
  enum class FaultAt : std::uint8_t { peer, local_in, local_out };
  How how = How::both_ended;
  bool local_first = false;  // whose end came first, when both ended
  std::uint64_t sent = 0;    // bytes to the peer, as they stood on the wire
  std::uint64_t received = 0;
  std::optional<Error> fault;  // when it failed; Code::timeout when --idle ran out, unless that was an end
  FaultAt fault_at = FaultAt::peer;

  // "both sides closed, the peer first", "nothing moved for 5s", or the fault's words.
  std::string words() const;
};

// `outgoing` works on what local says, `incoming` on what the peer says; null passes bytes unaltered, and
// then the kernel moves them where it can. Both streams and converters belong to `loop` and outlive the task.
// Cancelling it leaves the streams as they are.
net::Task<ExchangeEnd> exchange(net::Loop& loop, net::Stream& local, net::Stream& peer, ExchangeRules rules,
                                wire::Converter* outgoing, wire::Converter* incoming);

}  // namespace yam::service
