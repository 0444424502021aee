#pragma once
// The far side of a talk between people, message by message: over a stream a message is what one read
// brought, over UDP a datagram, and anybody may speak. It knows no turns, shows nothing, and alters no byte;
// a character that two reads cut in half is kept whole.

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "yam/base/address/ip.hpp"
#include "yam/net/datagram/datagram_socket.hpp"
#include "yam/net/stream.hpp"

namespace yam::service {

struct TalkMessage {
  TalkMessage() = default;

  std::string text;            // the bytes as they came, UTF-8 or not
  std::optional<IpPort> from;  // over UDP
};

// One task hears while another says. Both end with the object.
class Talk {
 public:
  virtual ~Talk() = default;

  // The next message, or nothing once the other side has ended. Faults are those of the network.
  virtual net::Task<Result<std::optional<TalkMessage>>> hear() = 0;
  virtual net::Task<Result<void>> say(std::string text) = 0;
  // We have no more to say, and go on listening.
  virtual net::Task<Result<void>> finish() = 0;
  // Leaves so that our last words arrive (net::leave).
  virtual net::Task<> leave() = 0;

  static constexpr std::size_t message_bytes_max = 65'536;  // of one read
};

class StreamTalk final : public Talk {
 public:
  // The stream outlives the talk.
  explicit StreamTalk(net::Stream& stream) : stream_(stream) {}

  net::Task<Result<std::optional<TalkMessage>>> hear() override;
  net::Task<Result<void>> say(std::string text) override;
  net::Task<Result<void>> finish() override;
  net::Task<> leave() override;

 private:
  net::Stream& stream_;
  std::string cut_;  // the first bytes of a character
  bool ended_ = false;
};

class DatagramTalk final : public Talk {
 public:
  static constexpr std::size_t heard_max = 64;  // people remembered; the one silent longest is forgotten

  // Hears from everybody at `place`; the IPv6 any-address takes IPv4 too. Code::local.
  static Result<std::unique_ptr<DatagramTalk>> open(net::Loop& loop, const IpPort& place);

  // Whom say() goes to. Until somebody is set it is the first who writes.
  void speak_to(const IpPort& partner) { partner_ = partner; }
  const std::optional<IpPort>& partner() const { return partner_; }
  // Who has written, who did last at the end.
  const std::vector<IpPort>& heard() const { return heard_; }
  IpPort local_place() const { return socket_->local_address().ip().value_or(IpPort()); }

  // Never ends by itself. Empty datagrams are messages.
  net::Task<Result<std::optional<TalkMessage>>> hear() override;
  // Code::usage while there is nobody to say it to, or when it is too long for a datagram.
  net::Task<Result<void>> say(std::string text) override;
  net::Task<Result<void>> finish() override;
  net::Task<> leave() override;

 private:
  static constexpr std::size_t datagrams_at_once = 16;

  explicit DatagramTalk(std::unique_ptr<net::DatagramSocket> socket)
      : socket_(std::move(socket)), batch_(datagrams_at_once) {}
  void remember(const IpPort& place);

  std::unique_ptr<net::DatagramSocket> socket_;
  net::DatagramBatch batch_;
  std::deque<TalkMessage> arrived_;  // the rest of one batch
  std::optional<IpPort> partner_;
  std::vector<IpPort> heard_;
};

}  // namespace yam::service
