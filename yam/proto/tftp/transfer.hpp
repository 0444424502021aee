#pragma once
// What a Sender and a Receiver have in common: how long they are patient, how a transfer ends, what they
// count, and how the 16-bit block numbers of the wire stand for blocks of files of any size.

#include <chrono>
#include <cstdint>
#include <optional>

#include "yam/base/time.hpp"

namespace yam::proto::tftp {

// A transfer that makes no progress is given up after this silence; dallying is how long a receiver stays to
// answer a last block that comes again (RFC 1350 §6): as it is here, longer than the longest wait of a
// Sender.
struct Patience {
  unsigned tries_max = 6;  // of a peer that said how long each is to be
  Duration silence = std::chrono::seconds(10);
  Duration dally = std::chrono::seconds(8);
  // Of one who has somebody waiting for the end: so many of its own timeouts are enough, too, for a sender
  // that measures the same round trip. 0: they are not.
  unsigned dally_timeouts = 0;

  // The silence of a peer that asked to wait `timeout` for each try, and has shown that it is there.
  Duration silence_with(std::optional<std::chrono::seconds> timeout) const;
};
inline constexpr Duration silence_max = std::chrono::minutes(1);  // that such a peer can ask for

enum class End : std::uint8_t {
  none,        // it goes on
  done,        // all blocks are acknowledged, or received and saved
  peer_error,  // the peer sent an ERROR
  silent,      // nothing came for as long as Patience allows
  broken,      // the peer broke the protocol; it is told so by an ERROR
  stopped,     // this side failed: the source, the file, a limit; the peer is told by an ERROR
};

// A block is one DATA of a sender, in order or again; a receiver counts what arrived.
struct Statistics {
  std::uint64_t blocks = 0;           // acknowledged, or taken in order
  std::uint64_t bytes = 0;            // of those
  std::uint64_t retransmissions = 0;  // DATA or ACK that was sent again
  std::uint64_t duplicates = 0;       // ACK or DATA that said nothing new
  std::uint64_t gaps = 0;             // windows with a hole: asked again, or gone back
  std::uint64_t timeouts = 0;
  std::uint64_t ignored = 0;                // packets that fit nothing
  std::uint32_t requests = 1;               // times that the same request came
  std::optional<std::uint16_t> peer_error;  // the code of the peer's ERROR
  std::optional<Duration> round_trip;       // smoothed
};

// The number behind 65535: most peers go on with 0, some with 1; no RFC says.
enum class Rollover : std::uint8_t { to_zero, to_one };

// Block 1 is the file's first; block 0 is the request, which ACK 0 and OACK answer.
std::uint16_t wire_number(std::uint64_t block, Rollover rollover);

// How far ahead of `block` the nearest block with that number is, from -32767 to 32768; absent when no block
// has it.
std::optional<std::int32_t> blocks_ahead(std::uint64_t block, std::uint16_t number, Rollover rollover);

}  // namespace yam::proto::tftp
