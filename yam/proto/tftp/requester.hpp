#pragma once
// A client's opening: the request with its options, sent until something answers (RFC 1350 §4, RFC 2347), and
// without options where they were refused or met silence. From then on an OACK answers nothing: the server
// may have begun anew, upon the plain request. It ends in agreed() terms, with which a Receiver (get) or a
// Sender (put) goes on, or in end() and its words.
//
//   handle_packet / handle_timeout, then poll_packet until empty; come back at deadline().
//
// Addresses belong to whoever owns the socket: requests go to the server's port, and until agreed() any port
// of that server may answer. The port whose packet brought the agreement is the transfer's for good.

#include <cstdint>
#include <optional>
#include <string>

#include "yam/base/bytes.hpp"
#include "yam/base/result.hpp"
#include "yam/base/time.hpp"
#include "yam/proto/tftp/options.hpp"
#include "yam/proto/tftp/packet.hpp"
#include "yam/proto/tftp/round_trip.hpp"
#include "yam/proto/tftp/transfer.hpp"

namespace yam::proto::tftp {

inline constexpr unsigned option_tries_max = 3;  // requests with options that meet silence; then a plain one

// How the server answered.
struct Agreement {
  enum class By : std::uint8_t {
    option_ack,  // go on: a Receiver with `answers`, or a Sender
    data,        // options were ignored: a Receiver without `answers`, which takes this same packet
    ack,         // options were ignored: a Sender
  };
  By by = By::option_ack;
  Terms terms;
  std::optional<Duration> round_trip;  // when the request was sent once
};

class Requester {
 public:
  struct Ask {
    bool write = false;
    std::string name;
    Mode mode = Mode::octet;
    Options options;
  };
  // Code::usage when the request does not fit.
  static Result<Requester> make(Ask ask, Time now, Patience patience = {});

  // From the server, from any of its ports.
  void handle_packet(ByteView packet, Time now);
  void handle_timeout(Time now);
  // Holds until the next call. A request, for the server's own port; after an end the ERROR, for where the
  // last packet came from.
  std::optional<ByteView> poll_packet(Time now);
  Time deadline() const;

  const std::optional<Agreement>& agreed() const { return agreement_; }
  End end() const { return end_; }  // none, peer_error, silent, broken
  const Error& error() const { return error_; }
  bool fell_back() const { return plain_ && !ask_.options.empty(); }  // to a request without options
  unsigned requests() const { return sent_; }

 private:
  Requester(Ask ask, Time now, Patience patience);

  void handle_error(const ErrorPacket& error, Time now);
  bool is_late(std::uint16_t code);
  void handle_option_ack(const OptionAck& ack, Time now);
  void agree(Agreement::By by, const Terms& terms, Time now);
  // `refusals`: that requests with options may still bring.
  void ask_plainly(unsigned refusals);
  Result<void> write();
  void finish(End end, Error error);

  Ask ask_;
  Patience patience_;
  bool plain_;
  bool request_waits_ = true;
  bool error_waits_ = false;
  unsigned sent_ = 0;
  unsigned refusals_due_ = 0;          // of requests with options, after falling back
  std::optional<Error> late_refusal_;  // was heard after falling back
  Time began_;
  Time sent_at_{};
  Time resend_at_ = never;
  RoundTrip round_trip_;
  Bytes packet_;
  std::optional<Agreement> agreement_;
  End end_ = End::none;
  Error error_;
};

}  // namespace yam::proto::tftp
