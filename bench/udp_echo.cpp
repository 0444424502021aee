// The UDP echo that everybody writes first: recvfrom, sendto, again. yam's batches are measured against it.
//
//   udp_echo [PORT]      prints `ready PORT`; runs until killed

#include <array>

#include "sockets.hpp"

namespace {
constexpr std::size_t datagram_bytes_max = 65'507;
}

int main(int argc, char** argv) {
  const int fd = bench::bound_socket(SOCK_DGRAM, argc > 1 ? bench::number(argv[1]) : 0);
  static std::array<char, datagram_bytes_max> buffer;
  for (;;) {
    sockaddr_in peer{};
    socklen_t size = sizeof peer;
    const ssize_t got =
        recvfrom(fd, buffer.data(), buffer.size(), 0, reinterpret_cast<sockaddr*>(&peer), &size);
    if (got < 0) continue;  // ECONNREFUSED from a peer that left
    sendto(fd, buffer.data(), static_cast<std::size_t>(got), 0, reinterpret_cast<sockaddr*>(&peer), size);
  }
}
