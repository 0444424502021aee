#pragma once
// A TFTP server on this machine for one test, and clients that say packets as they are. Tests only.

#include "yam/service/server/server_fixture_test.hpp"

namespace yam::service {

// A client that RFC 1350 would recognise, packet by packet.
class TftpClient {
 public:
  explicit TftpClient(const IpPort& server) : server_(net::SocketAddress::of(server)) {
    fd_ = net::Fd(::socket(server_.family(), SOCK_DGRAM | SOCK_CLOEXEC, 0));
    const timeval limit{.tv_sec = 20, .tv_usec = 0};
    ::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    const int on = 1;
    ::setsockopt(fd_.get(), SOL_SOCKET, SO_BROADCAST, &on, sizeof on);
  }

  void call(const IpPort& server) { server_ = net::SocketAddress::of(server); }
  void ask(const std::string& packet) { send(packet, server_); }
  void say(const std::string& packet) { send(packet, from_); }
  std::string hear() {
    std::string packet(70'000, '\0');
    socklen_t size = net::SocketAddress::capacity();
    const ssize_t got = ::recvfrom(fd_.get(), packet.data(), packet.size(), 0, from_.mutable_get(), &size);
    from_.set_size(size);
    packet.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return packet;
  }
  // The first that is not `last`: what we did not answer in time comes again.
  std::string hear_after(const std::string& last) {
    std::string packet = hear();
    while (packet == last)
      packet = hear();
    return packet;
  }
  // From the server's port of this transfer.
  std::uint16_t port() const { return from_.ip()->port; }
  std::string address() const { return from_.ip()->address.to_string(); }

 private:
  void send(const std::string& packet, const net::SocketAddress& to) {
    EXPECT_EQ(::sendto(fd_.get(), packet.data(), packet.size(), 0, to.get(), to.size()),
              static_cast<ssize_t>(packet.size()));
  }

  net::Fd fd_;
  net::SocketAddress server_;
  net::SocketAddress from_;
};

// That nobody has on 127.0.0.1, just now.
inline std::uint16_t free_port() {
  const net::Fd fd(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  const auto anywhere = net::SocketAddress::of({IpAddress::loopback(Family::v4), 0});
  EXPECT_EQ(::bind(fd.get(), anywhere.get(), anywhere.size()), 0);
  return net::local_address_of(fd.get()).ip()->port;
}

inline std::string ack(std::uint16_t number) {
  return {'\0', '\4', static_cast<char>(number >> 8), static_cast<char>(number)};
}
inline std::string data(std::uint16_t number, const std::string& bytes) {
  return std::string{'\0', '\3', static_cast<char>(number >> 8), static_cast<char>(number)} + bytes;
}

class TftpServerTest : public ServerTest {
 protected:
  void serve_files(const std::string& options = "") {
    serve({"tftp://127.0.0.1:0?root=" + folder_.path() + options});
  }
  TftpClient call_tftp() const { return TftpClient(place()); }
};

}  // namespace yam::service
