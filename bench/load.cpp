// The load of every echo row: one thread, so that it gets one core and the server the other.
//
//   load tcp IPV4:PORT CONNECTIONS SECONDS    64-byte ping-pong on each; prints `N requests/s N errors`
//   load udp IPV4:PORT SECONDS WINDOW         keeps WINDOW datagrams in flight; prints `N replies/s N lost`
//   load idle IPV4:PORT CONNECTIONS           opens them, prints `open N`, holds them until stdin closes

#include <array>
#include <chrono>
#include <cstring>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <poll.h>
#include <span>
#include <sys/epoll.h>
#include <vector>

#include "sockets.hpp"

namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr std::size_t message_bytes = 64;
constexpr int events_max = 512;
constexpr time_t first_answer_limit_s = 10;
constexpr std::size_t udp_sockets = 4;
constexpr std::size_t batch_max = 32;
constexpr auto reply_limit = 50ms;  // what is not back by then is lost

using Message = std::array<char, message_bytes>;

Message make_message() {
  Message out;
  for (std::size_t i = 0; i < out.size(); ++i)
    out[i] = static_cast<char>('!' + i);
  return out;
}

const Message message = make_message();

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// A connection that has made one round trip. Opened one after another like this, no backlog overflows and a
// forking server has forked before the measurement starts.
int answered_connection(const sockaddr_in& peer) {
  const int fd = bench::connected_socket(SOCK_STREAM, peer);
  bench::set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
  const timeval limit{first_answer_limit_s, 0};
  bench::must(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit), "SO_RCVTIMEO");
  Message got;
  bench::must(write(fd, message.data(), message.size()), "write");
  if (recv(fd, got.data(), got.size(), MSG_WAITALL) != static_cast<ssize_t>(got.size()))
    bench::die("no answer");
  return fd;
}

// --- TCP: each connection has one message under way; its return sends the next

struct Connection {
  int fd = -1;
  std::size_t returned = 0;  // bytes of the message that have come back
};

struct PingPong {
  explicit PingPong(std::string_view peer, std::size_t count);
  void run(Clock::duration time);
  void drop(Connection& connection);
  void ping(Connection& connection);
  void handle_readable(Connection& connection);
  void turn(int wait_ms);

  int epoll = bench::must(epoll_create1(EPOLL_CLOEXEC), "epoll_create1");
  std::vector<Connection> connections;
  long answers = 0;
  long errors = 0;
};

PingPong::PingPong(std::string_view peer, std::size_t count) : connections(count) {
  const sockaddr_in there = bench::address(peer);
  for (Connection& connection : connections) {
    connection.fd = answered_connection(there);
    bench::make_nonblocking(connection.fd);
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.ptr = &connection;
    bench::must(epoll_ctl(epoll, EPOLL_CTL_ADD, connection.fd, &event), "epoll_ctl");
  }
}

void PingPong::drop(Connection& connection) {
  ++errors;
  close(connection.fd);
  connection.fd = -1;
}

void PingPong::ping(Connection& connection) {
  if (write(connection.fd, message.data(), message.size()) != static_cast<ssize_t>(message.size())) {
    drop(connection);
  }
}

void PingPong::handle_readable(Connection& connection) {
  Message got;
  const ssize_t size = read(connection.fd, got.data(), got.size() - connection.returned);
  if (size < 0 && errno == EAGAIN) return;
  const auto bytes = static_cast<std::size_t>(size);
  if (size <= 0 || std::memcmp(got.data(), message.data() + connection.returned, bytes) != 0) {
    return drop(connection);
  }
  connection.returned += bytes;
  if (connection.returned < message.size()) return;
  connection.returned = 0;
  ++answers;
  ping(connection);
}

void PingPong::turn(int wait_ms) {
  std::array<epoll_event, events_max> events;
  const int ready = epoll_wait(epoll, events.data(), events_max, wait_ms);
  for (int i = 0; i < ready; ++i) {
    handle_readable(*static_cast<Connection*>(events[static_cast<std::size_t>(i)].data.ptr));
  }
}

void PingPong::run(Clock::duration time) {
  for (Connection& connection : connections) {
    if (connection.fd >= 0) ping(connection);
  }
  const auto end = Clock::now() + time;
  while (Clock::now() < end)
    turn(10);
}

int load_tcp(std::string_view peer, std::size_t count, std::chrono::duration<double> time) {
  PingPong load(peer, count);
  const auto start = Clock::now();
  load.run(std::chrono::duration_cast<Clock::duration>(time));
  std::printf("%.0f requests/s %ld errors\n", static_cast<double>(load.answers) / seconds_since(start),
              load.errors);
  return 0;
}

int hold_idle(std::string_view peer, std::size_t count) {
  const sockaddr_in there = bench::address(peer);
  for (std::size_t i = 0; i < count; ++i)
    answered_connection(there);
  std::printf("open %zu\n", count);
  std::fflush(stdout);
  char end = 0;
  while (read(STDIN_FILENO, &end, 1) > 0) {
  }
  return 0;
}

// --- UDP: a window of datagrams over a few sockets, sent in runs and received in batches

// The arrays that recvmmsg fills: every entry carries one message.
struct Batch {
  Batch() {
    for (std::size_t i = 0; i < batch_max; ++i) {
      parts[i] = {bytes[i].data(), bytes[i].size()};
      heads[i].msg_hdr.msg_iov = &parts[i];
      heads[i].msg_hdr.msg_iovlen = 1;
    }
  }
  std::array<Message, batch_max> bytes{};
  std::array<iovec, batch_max> parts{};
  std::array<mmsghdr, batch_max> heads{};
};

// Many datagrams in one call (UDP_SEGMENT), so that it is the server who runs out of its core, not we.
struct Run {
  Run() { bytes.fill(message); }
  long send(int fd, std::size_t count) {
    iovec part{bytes.data(), count * message_bytes};
    alignas(cmsghdr) std::array<std::byte, CMSG_SPACE(sizeof(std::uint16_t))> control{};
    msghdr head{};
    head.msg_iov = &part;
    head.msg_iovlen = 1;
    head.msg_control = control.data();
    head.msg_controllen = control.size();
    cmsghdr* segment = CMSG_FIRSTHDR(&head);
    segment->cmsg_level = SOL_UDP;
    segment->cmsg_type = UDP_SEGMENT;
    segment->cmsg_len = CMSG_LEN(sizeof(std::uint16_t));
    const auto size = static_cast<std::uint16_t>(message_bytes);
    std::memcpy(CMSG_DATA(segment), &size, sizeof size);
    return sendmsg(fd, &head, 0) < 0 ? 0 : static_cast<long>(count);
  }
  std::array<Message, batch_max> bytes{};
};

struct Flow {
  int fd = -1;
  long in_flight = 0;
  Clock::time_point heard = Clock::now();
};

struct Window {
  void fill(Flow& flow);
  void drain(Flow& flow);
  void give_up_late(Flow& flow);

  long per_flow = 0;
  long replies = 0;
  long lost = 0;
  Run out;
  Batch in;
};

void Window::fill(Flow& flow) {
  while (flow.in_flight < per_flow) {
    const auto room = static_cast<std::size_t>(per_flow - flow.in_flight);
    const long sent = out.send(flow.fd, std::min(room, batch_max));
    if (sent == 0) return;
    flow.in_flight += sent;
  }
}

void Window::drain(Flow& flow) {
  const int got = recvmmsg(flow.fd, in.heads.data(), batch_max, MSG_DONTWAIT, nullptr);
  if (got <= 0) return;
  for (const mmsghdr& head : std::span(in.heads).first(static_cast<std::size_t>(got))) {
    if (head.msg_len == message_bytes) ++replies;
  }
  flow.in_flight = std::max(0L, flow.in_flight - got);
  flow.heard = Clock::now();
}

void Window::give_up_late(Flow& flow) {
  if (Clock::now() - flow.heard < reply_limit) return;
  lost += flow.in_flight;
  flow.in_flight = 0;
  flow.heard = Clock::now();
}

int load_udp(std::string_view peer, std::chrono::duration<double> time, long window_datagrams) {
  Window window;
  window.per_flow = std::max(1L, window_datagrams / static_cast<long>(udp_sockets));
  std::array<Flow, udp_sockets> flows;
  std::array<pollfd, udp_sockets> waits{};
  for (std::size_t i = 0; i < udp_sockets; ++i) {
    flows[i].fd = bench::connected_socket(SOCK_DGRAM, bench::address(peer));
    waits[i] = {flows[i].fd, POLLIN, 0};
  }
  const auto start = Clock::now();
  const auto end = start + std::chrono::duration_cast<Clock::duration>(time);
  while (Clock::now() < end) {
    for (Flow& flow : flows)
      window.fill(flow);
    poll(waits.data(), udp_sockets, 1);
    for (std::size_t i = 0; i < udp_sockets; ++i) {
      if ((waits[i].revents & POLLIN) != 0) window.drain(flows[i]);
      window.give_up_late(flows[i]);
    }
  }
  std::printf("%.0f replies/s %ld lost\n", static_cast<double>(window.replies) / seconds_since(start),
              window.lost);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  using Seconds = std::chrono::duration<double>;
  bench::raise_descriptor_limit();
  const std::string_view kind = argc > 1 ? argv[1] : "";
  if (kind == "tcp" && argc == 5) {
    return load_tcp(argv[2], static_cast<std::size_t>(bench::number(argv[3])), Seconds(std::atof(argv[4])));
  }
  if (kind == "udp" && argc == 5)
    return load_udp(argv[2], Seconds(std::atof(argv[3])), bench::number(argv[4]));
  if (kind == "idle" && argc == 4)
    return hold_idle(argv[2], static_cast<std::size_t>(bench::number(argv[3])));
  std::fprintf(stderr,
               "usage: load tcp IPV4:PORT CONNECTIONS SECONDS\n"
               "       load udp IPV4:PORT SECONDS WINDOW\n"
               "       load idle IPV4:PORT CONNECTIONS\n");
  return 2;
}
