// The ceiling of every TFTP row, and its ordinary client: no file, no repetition, one transfer at a time.
//
//   bare_tftp serve MIB [plain]                        answers each RRQ with so much memory; `ready PORT`
//   bare_tftp get IPV4:PORT NAME BLOCK WINDOW [gro]    prints `BYTES bytes SECONDS s`, or fails
//
// `serve` sends a window as UDP_SEGMENT runs, with `plain` block by block; `get` receives block by block,
// with `gro` in what UDP_GRO joined.

#include <algorithm>
#include <array>
#include <chrono>
#include <netinet/udp.h>
#include <vector>

#include "sockets.hpp"
#include "tftp_wire.hpp"

namespace {

using namespace bench;
using Packet = std::array<unsigned char, 65536>;

constexpr std::size_t run_bytes_max = 65000;  // of one UDP_SEGMENT send
constexpr std::size_t run_blocks_max = 64;
constexpr time_t patience_s = 5;
constexpr int receive_buffer_bytes = 4 << 20;  // for windows of the largest blocks; wants root

void limit_waiting(int fd) {
  const timeval limit{patience_s, 0};
  must(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit), "SO_RCVTIMEO");
}

// --- the server: what it sends lies in memory, headers and all

class File {
 public:
  File(std::size_t bytes, const TftpTerms& terms)
      : terms_(terms), step_(terms.block + tftp_header_bytes), blocks_(bytes / terms.block + 1) {
    last_bytes_ = bytes % terms.block + tftp_header_bytes;
    packets_.assign(blocks_ * step_, 'x');
    for (std::size_t block = 1; block <= blocks_; ++block)
      write_tftp_header(&packets_[(block - 1) * step_], tftp_data, block);
  }
  bool is_for(const TftpTerms& terms) const {
    return terms.block == terms_.block && terms.window == terms_.window;
  }
  std::size_t blocks() const { return blocks_; }
  std::size_t step() const { return step_; }
  // The packets from block `first` to before `end`, back to back.
  iovec packets(std::size_t first, std::size_t end) {
    const std::size_t last = end - 1 == blocks_ ? last_bytes_ : step_;
    return {&packets_[(first - 1) * step_], (end - 1 - first) * step_ + last};
  }

 private:
  TftpTerms terms_;
  std::size_t step_;
  std::size_t blocks_;
  std::size_t last_bytes_;
  std::vector<unsigned char> packets_;
};

void send_run(int fd, iovec packets, std::size_t step) {
  alignas(cmsghdr) std::array<std::byte, CMSG_SPACE(sizeof(std::uint16_t))> control{};
  msghdr head{};
  head.msg_iov = &packets;
  head.msg_iovlen = 1;
  if (packets.iov_len > step) {
    head.msg_control = control.data();
    head.msg_controllen = control.size();
    cmsghdr* segment = CMSG_FIRSTHDR(&head);
    segment->cmsg_level = SOL_UDP;
    segment->cmsg_type = UDP_SEGMENT;
    segment->cmsg_len = CMSG_LEN(sizeof(std::uint16_t));
    const auto size = static_cast<std::uint16_t>(step);
    std::memcpy(CMSG_DATA(segment), &size, sizeof size);
  }
  must(sendmsg(fd, &head, 0), "sendmsg");
}

// False when the client has gone.
bool serve_file(int fd, File& file, const TftpTerms& terms, bool plain) {
  Packet got;
  if (const std::string words = tftp_option_words(terms); !words.empty()) {
    const std::string option_ack = std::string{'\0', static_cast<char>(tftp_oack)} + words;
    must(send(fd, option_ack.data(), option_ack.size(), 0), "send");
    if (recv(fd, got.data(), got.size(), 0) != static_cast<ssize_t>(tftp_header_bytes)) return false;
  }
  const std::size_t fits = plain ? 1 : std::clamp(run_bytes_max / file.step(), 1UL, run_blocks_max);
  for (std::size_t next = 1; next <= file.blocks();) {
    const std::size_t end = std::min(next + terms.window, file.blocks() + 1);
    for (std::size_t first = next; first < end; first += fits)
      send_run(fd, file.packets(first, std::min(first + fits, end)), file.step());
    if (recv(fd, got.data(), got.size(), 0) != static_cast<ssize_t>(tftp_header_bytes)) return false;
    const auto ahead = static_cast<std::uint16_t>(tftp_number(got.data()) + 1 - next);
    next += ahead;  // a gap is gone back to
  }
  return true;
}

int serve(std::size_t bytes, bool plain) {
  const int door = bound_socket(SOCK_DGRAM, 0);
  std::vector<File> files;
  for (;;) {
    Packet request;
    sockaddr_in client{};
    socklen_t size = sizeof client;
    const ssize_t got =
        recvfrom(door, request.data(), request.size(), 0, reinterpret_cast<sockaddr*>(&client), &size);
    if (got < 4 || request[1] != tftp_read) continue;
    std::string_view words(reinterpret_cast<char*>(request.data()) + 2, static_cast<std::size_t>(got) - 2);
    words.remove_prefix(words.find('\0') + 1);
    words.remove_prefix(words.find('\0') + 1);
    const TftpTerms terms = read_tftp_terms(words);
    if (files.empty() || !files.front().is_for(terms)) {
      files.clear();
      files.emplace_back(bytes, terms);
    }
    const int fd = connected_socket(SOCK_DGRAM, client);
    limit_waiting(fd);
    serve_file(fd, files.front(), terms, plain);
    close(fd);
  }
}

// --- the client: what it receives is counted and dropped

// Which size the kernel joined, if it did (UDP_GRO).
std::size_t joined_bytes(msghdr& head, std::size_t all) {
  for (cmsghdr* each = CMSG_FIRSTHDR(&head); each != nullptr; each = CMSG_NXTHDR(&head, each)) {
    if (each->cmsg_level != SOL_UDP || each->cmsg_type != UDP_GRO) continue;
    int size = 0;
    std::memcpy(&size, CMSG_DATA(each), sizeof size);
    return static_cast<std::size_t>(size);
  }
  return all;
}

class Download {
 public:
  Download(const sockaddr_in& server, const std::string& request, bool gro) : peer_(server) {
    fd_ = must(socket(AF_INET, SOCK_DGRAM, 0), "socket");
    limit_waiting(fd_);
    set_option(fd_, SOL_SOCKET, SO_RCVBUFFORCE, receive_buffer_bytes);
    if (gro) set_option(fd_, SOL_UDP, UDP_GRO, 1);
    must(sendto(fd_, request.data(), request.size(), 0, reinterpret_cast<sockaddr*>(&peer_), sizeof peer_),
         "sendto");
  }
  std::uint64_t run() {
    while (!whole_) {
      alignas(cmsghdr) std::array<std::byte, CMSG_SPACE(sizeof(int))> control{};
      iovec part{bytes_.data(), bytes_.size()};
      msghdr head{};
      head.msg_name = &peer_;  // whoever answers first is asked from then on
      head.msg_namelen = sizeof peer_;
      head.msg_iov = &part;
      head.msg_iovlen = 1;
      head.msg_control = control.data();
      head.msg_controllen = control.size();
      const auto got = static_cast<std::size_t>(must(recvmsg(fd_, &head, 0), "recvmsg"));
      const std::size_t step = joined_bytes(head, got);
      for (std::size_t at = 0; at < got && !whole_; at += step)
        take(bytes_.data() + at, std::min(step, got - at));
    }
    return taken_;
  }

 private:
  void take(const unsigned char* packet, std::size_t bytes) {
    if (packet[1] == tftp_error) {
      std::fprintf(stderr, "error: %.*s\n", static_cast<int>(bytes) - 5, packet + 4);
      std::exit(1);
    }
    if (packet[1] == tftp_oack) {
      terms_ = read_tftp_terms({reinterpret_cast<const char*>(packet) + 2, bytes - 2});
      return acknowledge();
    }
    if (tftp_number(packet) != ((block_ + 1) & 0xffff)) return lose();
    ++block_;
    taken_ += bytes - tftp_header_bytes;
    whole_ = bytes < terms_.block + tftp_header_bytes;
    asked_again_ = false;
    if (whole_ || block_ % terms_.window == since_) acknowledge();
  }
  // A gap: the last block in order, once.
  void lose() {
    if (asked_again_ || terms_.window == 1) return;
    asked_again_ = true;
    since_ = block_ % terms_.window;
    acknowledge();
  }
  void acknowledge() {
    std::array<unsigned char, tftp_header_bytes> ack;
    write_tftp_header(ack.data(), tftp_ack, block_);
    must(sendto(fd_, ack.data(), ack.size(), 0, reinterpret_cast<sockaddr*>(&peer_), sizeof peer_), "sendto");
  }

  int fd_ = -1;
  sockaddr_in peer_;
  TftpTerms terms_;
  Packet bytes_;
  std::uint64_t block_ = 0;
  std::uint64_t taken_ = 0;
  std::size_t since_ = 0;  // where windows begin, since the last gap
  bool asked_again_ = false;
  bool whole_ = false;
};

int get(std::string_view peer, std::string_view name, const TftpTerms& terms, bool gro) {
  const auto start = std::chrono::steady_clock::now();
  const std::uint64_t bytes = Download(address(peer), tftp_request(name, terms), gro).run();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  std::printf("%llu bytes %.6f s\n", static_cast<unsigned long long>(bytes), took.count());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string_view> words(argv + 1, argv + argc);
  const bool has_flag = !words.empty() && (words.back() == "plain" || words.back() == "gro");
  const std::size_t count = words.size() - has_flag;
  const auto number_at = [&](std::size_t at) { return static_cast<std::size_t>(number(words[at])); };
  if (count == 2 && words[0] == "serve") return serve(number_at(1) << 20, has_flag);
  if (count == 5 && words[0] == "get") return get(words[1], words[2], {number_at(3), number_at(4)}, has_flag);
  std::fputs("usage: bare_tftp serve MIB [plain] | get IPV4:PORT NAME BLOCK WINDOW [gro]\n", stderr);
  return 2;
}
