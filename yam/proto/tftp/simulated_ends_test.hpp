#pragma once
// Ends of simulated transfers: a client and a server made of the machines, and an old lock-step client and
// server that know RFC 1350 alone. An End owns what a driver would: addresses, the source and the file.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "yam/proto/tftp/receiver.hpp"
#include "yam/proto/tftp/requester.hpp"
#include "yam/proto/tftp/sender.hpp"
#include "yam/sim/network.hpp"

namespace yam::proto::tftp::simulated {

inline constexpr sim::Address client_address = 1, server_port = 69, server_address = 1069, stranger = 666;

// How an old server takes a request with options.
enum class Temper : std::uint8_t { ignores_options, refuses_options, ignores_requests_with_options };

struct Case {
  std::uint64_t seed = 0;
  ImpairmentPlan weather;
  bool write = false;
  Options options;
  Caps caps;
  Mode mode = Mode::octet;
  std::size_t size = 0;
  bool grows = false;  // the file, while it is sent
  Rollover rollover = Rollover::to_zero;
  bool old_client = false, old_server = false;
  bool forks = false;  // the server, for each request
  Temper temper = Temper::ignores_options;
  ErrorCode refusal = ErrorCode::option_refused;
  bool strangers = false;                   // someone else writes to both ends
  bool forged = false;                      // ACKs of blocks that were never sent, as if from the peer
  std::optional<std::uint64_t> lost_block;  // the first time that it is sent
  bool heals = false;                       // after two seconds
};

class End {
 public:
  enum class State : std::uint8_t { running, done, failed };
  virtual ~End() = default;
  virtual void handle_packet(sim::Address from, sim::Address to, ByteView packet) = 0;
  virtual void handle_timeout() = 0;
  virtual Time deadline() const = 0;
  virtual State state() const = 0;
  virtual std::string words() const = 0;  // of a failure
  virtual bool gone() const { return state() != State::running; }
  // Who sends blocks takes an ACK from its peer of one that it has not sent.
  virtual void handle_forged_ack(std::uint64_t) {}

  std::string file;  // what is read, or was written
  std::uint64_t packets_out = 0, bytes_out = 0, bytes_in = 0;
  // Before the peer proved itself, with 28 bytes of IP and UDP each.
  std::uint64_t answers = 0, answered_bytes = 0, request_bytes = 0, requests = 0;
};

struct Outcome {
  End::State client = End::State::running, server = End::State::running;
  bool asked = false;  // a request reached the server
  bool right = false;  // the file that was written is the file that was read
  bool in_time = false;
  Duration took{};  // for the client, until it has ended
  std::string words;
  std::uint64_t reader_packets = 0, writer_packets = 0;
  std::uint64_t answers = 0, requests = 0, answered_bytes = 0, request_bytes = 0;
};

// Of its size and for its mode: text has many line ends.
std::string contents(const Case& play);
std::unique_ptr<End> make_client(const Case& play, sim::Network& network);
std::unique_ptr<End> make_server(const Case& play, sim::Network& network, sim::Address address);
std::unique_ptr<End> make_forking_server(const Case& play, sim::Network& network);
std::unique_ptr<End> make_old(const Case& play, sim::Network& network, bool client);
Outcome run(const Case& play);

}  // namespace yam::proto::tftp::simulated
