#pragma once

// The few calls that the bench programs share: addresses, listeners and the last word when one fails. Plain
// Linux on purpose, with nothing of libyam in it: these programs are what yam is measured against. IPv4 only.

#include <arpa/inet.h>
#include <cerrno>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string>
#include <string_view>
#include <sys/resource.h>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>

namespace bench {

// Reports what failed, with errno in words, and leaves: a bench program has nobody to hand an error to.
[[noreturn]] inline void die(const char* what) {
  std::fprintf(stderr, "%s: %s\n", what, std::strerror(errno));
  std::exit(1);
}

// Passes a system call's result through, or leaves.
template <class Int>
Int must(Int result, const char* what) {
  if (result < 0) die(what);
  return result;
}

// A whole argument as a number; anything else is wrong usage.
inline long number(std::string_view text) {
  long value = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (fault != std::errc{} || end != text.data() + text.size() || value < 0) {
    std::fprintf(stderr, "not a number: %.*s\n", static_cast<int>(text.size()), text.data());
    std::exit(2);
  }
  return value;
}

// `127.0.0.1:7007`, digits only: no resolver stands between a measurement and its server.
inline sockaddr_in address(std::string_view text) {
  const auto colon = text.rfind(':');
  const std::string host(text.substr(0, colon));
  sockaddr_in out{};
  out.sin_family = AF_INET;
  if (colon == text.npos || inet_pton(AF_INET, host.c_str(), &out.sin_addr) != 1) {
    std::fprintf(stderr, "not IPV4:PORT: %.*s\n", static_cast<int>(text.size()), text.data());
    std::exit(2);
  }
  out.sin_port = htons(static_cast<std::uint16_t>(number(text.substr(colon + 1))));
  return out;
}

inline void set_option(int fd, int level, int name, int value) {
  must(setsockopt(fd, level, name, &value, sizeof value), "setsockopt");
}

// A socket on 127.0.0.1:port (0: the kernel chooses). Prints `ready PORT`, which is what the scripts wait
// for; a stream socket listens from then on.
inline int bound_socket(int type, long port) {
  const int fd = must(socket(AF_INET, type, 0), "socket");
  set_option(fd, SOL_SOCKET, SO_REUSEADDR, 1);
  sockaddr_in here = address("127.0.0.1:" + std::to_string(port));
  socklen_t size = sizeof here;
  must(bind(fd, reinterpret_cast<sockaddr*>(&here), size), "bind");
  if ((type & ~(SOCK_NONBLOCK | SOCK_CLOEXEC)) == SOCK_STREAM) must(listen(fd, SOMAXCONN), "listen");
  must(getsockname(fd, reinterpret_cast<sockaddr*>(&here), &size), "getsockname");
  std::printf("ready %u\n", static_cast<unsigned>(ntohs(here.sin_port)));
  std::fflush(stdout);
  return fd;
}

inline int connected_socket(int type, const sockaddr_in& peer) {
  const int fd = must(socket(AF_INET, type, 0), "socket");
  must(connect(fd, reinterpret_cast<const sockaddr*>(&peer), sizeof peer), "connect");
  return fd;
}

inline void make_nonblocking(int fd) {
  must(fcntl(fd, F_SETFL, O_NONBLOCK), "fcntl");
}

// As many descriptors as this user may have: ten thousand connections need them.
inline void raise_descriptor_limit() {
  rlimit limit{};
  must(getrlimit(RLIMIT_NOFILE, &limit), "getrlimit");
  limit.rlim_cur = limit.rlim_max;
  must(setrlimit(RLIMIT_NOFILE, &limit), "setrlimit");
}

}  // namespace bench
