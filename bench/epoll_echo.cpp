// The least TCP echo server that is still fast: one thread, level-triggered epoll, one read and one write a
// turn, nothing remembered about a connection. yam's echo is measured against it. It waits for a peer that
// does not read, so it is no server for the world.
//
//   epoll_echo [PORT]         prints `ready PORT`; runs until killed
//   epoll_echo PORT BYTES     answers what it reads with a 200 of HTTP and so many bytes, instead of the
//   echo:
//                             the ceiling of what answers requests one by one

#include <array>
#include <poll.h>
#include <string>
#include <sys/epoll.h>

#include "sockets.hpp"

namespace {

constexpr std::size_t buffer_bytes = 64 * 1024;
constexpr int events_max = 512;

void watch(int epoll, int fd) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = fd;
  bench::must(epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event), "epoll_ctl");
}

void accept_all(int epoll, int listener) {
  for (;;) {
    const int fd = accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) return;  // EAGAIN, or a peer that is gone again
    bench::set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
    watch(epoll, fd);
  }
}

// False when the peer is gone.
bool write_all(int fd, const char* bytes, std::size_t size) {
  while (size > 0) {
    const ssize_t written = write(fd, bytes, size);
    if (written >= 0) {
      bytes += written;
      size -= static_cast<std::size_t>(written);
    } else if (errno == EAGAIN) {
      pollfd room{fd, POLLOUT, 0};
      poll(&room, 1, -1);
    } else {
      return false;
    }
  }
  return true;
}

void answer(int fd, const std::string& canned) {
  static std::array<char, buffer_bytes> buffer;
  const ssize_t got = read(fd, buffer.data(), buffer.size());
  if (got < 0 && errno == EAGAIN) return;
  const char* bytes = canned.empty() ? buffer.data() : canned.data();
  const std::size_t size = canned.empty() ? static_cast<std::size_t>(got) : canned.size();
  if (got <= 0 || !write_all(fd, bytes, size)) close(fd);
}

}  // namespace

int main(int argc, char** argv) {
  bench::raise_descriptor_limit();
  const int listener =
      bench::bound_socket(SOCK_STREAM | SOCK_NONBLOCK, argc > 1 ? bench::number(argv[1]) : 0);
  std::string canned;
  if (argc > 2) {
    const auto bytes = static_cast<std::size_t>(bench::number(argv[2]));
    canned =
        "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(bytes) + "\r\n\r\n" + std::string(bytes, 'x');
  }
  const int epoll = bench::must(epoll_create1(EPOLL_CLOEXEC), "epoll_create1");
  watch(epoll, listener);
  std::array<epoll_event, events_max> events;
  for (;;) {
    const int ready = epoll_wait(epoll, events.data(), events_max, -1);
    for (int i = 0; i < ready; ++i) {
      const int fd = events[static_cast<std::size_t>(i)].data.fd;
      if (fd == listener) {
        accept_all(epoll, listener);
      } else {
        answer(fd, canned);
      }
    }
  }
}
