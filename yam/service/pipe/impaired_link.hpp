#pragma once
// One direction of a bad link as something to read from: bytes or datagrams go in when they arrive, and come
// out when their impairment lets them. No clock and no sockets. A stream that is cut ends there, cleanly or
// with an Error; datagrams have no end.

#include <memory>

#include "yam/base/impairment.hpp"
#include "yam/net/stream.hpp"

namespace yam::service {

class ImpairedLink {
 public:
  // For a stream of datagrams, each kept whole, or for one of bytes. The plan's seed and `lane` decide the
  // fates.
  static std::unique_ptr<ImpairedLink> open(const ImpairmentPlan& plan, std::uint64_t lane,
                                            bool keeps_messages);
  virtual ~ImpairedLink() = default;

  // How many bytes handle_piece takes now; at 0 the source has to wait.
  virtual std::size_t room() const = 0;
  // A datagram, or at most room() bytes.
  virtual void handle_piece(ByteView piece, Time now) = 0;
  // The source has ended; that travels as its bytes do.
  virtual void handle_end(Time now) = 0;

  // As Stream::try_read: nothing before something is due, 0 at a stream's end, Code::network at a reset.
  virtual net::Attempt poll_read(ByteSpan into, Time now) = 0;
  // When poll_read has something to give.
  virtual Time next_due() const = 0;
  virtual const ImpairmentCounters& counters() const = 0;

 protected:
  ImpairedLink() = default;
};

}  // namespace yam::service
