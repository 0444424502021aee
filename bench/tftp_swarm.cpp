// A boot storm: so many TFTP clients at once from one thread, each for the whole file, in lock step or by
// windows where the server grants them. They repeat as firmware does: what is not answered within a second is
// sent again, thrice at most.
//
//   tftp_swarm IPV4:PORT NAME CLIENTS BLOCK WINDOW BYTES    prints `N whole M failed SECONDS s`
//
// A client is whole when it has BYTES bytes, each block in turn. Its reasons to fail are counted on stderr.

#include <array>
#include <chrono>
#include <map>
#include <string>
#include <sys/epoll.h>
#include <vector>

#include "sockets.hpp"
#include "tftp_wire.hpp"

namespace {

using namespace bench;
using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto answer_limit = 1s;
constexpr int tries_max = 4;
constexpr int events_max = 512;

struct Client {
  int fd = -1;  // closed once it is over
  int tries = 0;
  std::uint64_t block = 0;
  std::uint64_t acked = 0;
  std::uint64_t bytes = 0;
  std::size_t window = 1;   // as granted
  bool is_settled = false;  // connected to the port that answered
  Clock::time_point sent_at;
};

class Swarm {
 public:
  Swarm(const sockaddr_in& server, std::string_view name, std::size_t clients, const TftpTerms& terms,
        std::uint64_t bytes)
      : server_(server),
        request_(tftp_request(name, terms)),
        terms_(terms),
        bytes_(bytes),
        clients_(clients) {
    for (Client& client : clients_) {
      client.fd = must(socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0), "socket");
      epoll_event event{};
      event.events = EPOLLIN;
      event.data.ptr = &client;
      must(epoll_ctl(epoll_, EPOLL_CTL_ADD, client.fd, &event), "epoll_ctl");
    }
  }

  void run() {
    for (Client& client : clients_)
      say(client);
    auto looked = Clock::now();
    while (whole_ + failed_ < clients_.size()) {
      std::array<epoll_event, events_max> events;
      const int ready = epoll_wait(epoll_, events.data(), events_max, 50);
      for (int i = 0; i < ready; ++i)
        receive(*static_cast<Client*>(events[static_cast<std::size_t>(i)].data.ptr));
      if (Clock::now() - looked < 100ms) continue;
      looked = Clock::now();
      for (Client& client : clients_)
        if (client.fd >= 0 && looked - client.sent_at > answer_limit) say_again(client);
    }
  }

  std::size_t whole() const { return whole_; }
  std::size_t failed() const { return failed_; }
  const std::map<std::string, int>& reasons() const { return reasons_; }

 private:
  // The request, or the acknowledgement of what is there.
  void say(Client& client) {
    client.sent_at = Clock::now();
    // A full queue is as good as a loss.
    if (!client.is_settled) {
      (void)sendto(client.fd, request_.data(), request_.size(), 0, reinterpret_cast<sockaddr*>(&server_),
                   sizeof server_);
      return;
    }
    std::array<unsigned char, tftp_header_bytes> ack;
    write_tftp_header(ack.data(), tftp_ack, client.block);
    client.acked = client.block;
    (void)send(client.fd, ack.data(), ack.size(), 0);
  }

  void say_again(Client& client) {
    if (++client.tries >= tries_max) return fail(client, "no answer");
    say(client);
  }

  void receive(Client& client) {
    if (!client.is_settled) return settle(client);
    const ssize_t got = recv(client.fd, packet_.data(), packet_.size(), 0);
    if (got >= static_cast<ssize_t>(tftp_header_bytes)) take(client, static_cast<std::size_t>(got));
  }

  // The transfer is with the port that answers first.
  void settle(Client& client) {
    sockaddr_in sender{};
    socklen_t size = sizeof sender;
    const ssize_t got =
        recvfrom(client.fd, packet_.data(), packet_.size(), 0, reinterpret_cast<sockaddr*>(&sender), &size);
    if (got < static_cast<ssize_t>(tftp_header_bytes)) return;
    must(connect(client.fd, reinterpret_cast<const sockaddr*>(&sender), size), "connect");
    client.is_settled = true;
    take(client, static_cast<std::size_t>(got));
  }

  void take(Client& client, std::size_t got) {
    if (packet_[1] == tftp_error)
      return fail(client, std::string(reinterpret_cast<char*>(&packet_[4]), got - 5));
    client.tries = 0;
    if (packet_[1] == tftp_oack) {
      client.window = read_tftp_terms({reinterpret_cast<char*>(&packet_[2]), got - 2}).window;
      return say(client);
    }
    if (tftp_number(packet_.data()) != ((client.block + 1) & 0xffff)) return;
    ++client.block;
    client.bytes += got - tftp_header_bytes;
    const bool is_last = got < terms_.block + tftp_header_bytes;
    if (is_last || client.block - client.acked == client.window) say(client);
    if (!is_last) return;
    if (client.bytes != bytes_) return fail(client, "not the whole file");
    ++whole_;
    leave(client);
  }

  void fail(Client& client, const std::string& why) {
    ++reasons_[why];
    ++failed_;
    leave(client);
  }

  void leave(Client& client) {
    close(client.fd);
    client.fd = -1;
  }

  int epoll_ = must(epoll_create1(EPOLL_CLOEXEC), "epoll_create1");
  sockaddr_in server_;
  std::string request_;
  TftpTerms terms_;
  std::uint64_t bytes_;
  std::vector<Client> clients_;
  std::array<unsigned char, 65536> packet_;
  std::size_t whole_ = 0;
  std::size_t failed_ = 0;
  std::map<std::string, int> reasons_;
};

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string_view> words(argv + 1, argv + argc);
  if (words.size() != 6) {
    std::fputs("usage: tftp_swarm IPV4:PORT NAME CLIENTS BLOCK WINDOW BYTES\n", stderr);
    return 2;
  }
  raise_descriptor_limit();
  TftpTerms terms;
  terms.block = static_cast<std::size_t>(number(words[3]));
  terms.window = static_cast<std::size_t>(number(words[4]));
  Swarm swarm(address(words[0]), words[1], static_cast<std::size_t>(number(words[2])), terms,
              static_cast<std::uint64_t>(number(words[5])));
  const auto start = Clock::now();
  swarm.run();
  const std::chrono::duration<double> took = Clock::now() - start;
  for (const auto& [why, count] : swarm.reasons())
    std::fprintf(stderr, "%d × %s\n", count, why.c_str());
  std::printf("%zu whole %zu failed %.3f s\n", swarm.whole(), swarm.failed(), took.count());
  return 0;
}
