// A boot storm: thousands of clients over one image in one process, and what a transfer of it costs.
#include <malloc.h>
#include <sys/epoll.h>
#include <sys/resource.h>

#include "yam/service/tftp_server/tftp_fixture_test.hpp"

#if defined(__SANITIZE_ADDRESS__)
// Of the sanitizer's runtime, whose header g++ does not bring along everywhere.
extern "C" std::size_t __sanitizer_get_current_allocated_bytes();  // NOLINT
#endif

namespace yam::service {
namespace {

using namespace std::string_literals;
using Kind = ServerEvent::Kind;

[[maybe_unused]] std::size_t allocated_bytes() {
#if defined(__SANITIZE_ADDRESS__)
  return __sanitizer_get_current_allocated_bytes();
#else
  return ::mallinfo2().uordblks;
#endif
}

// A client that boots: blocks of 1024, windows of 8, and a last packet that is said again when nothing comes.
class Booting {
 public:
  explicit Booting(const IpPort& server) : server_(net::SocketAddress::of(server)) {
    fd_ = net::Fd(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    say("\0\1image\0octet\0blksize\0001024\0windowsize\0008\0"s, server_);
  }

  int fd() const { return fd_.get(); }
  bool is_done() const { return done_; }
  const std::string& image() const { return image_; }
  void say_again() { say(last_, to_); }

  void handle_packets() {
    for (;;) {
      std::string packet(1100, '\0');
      net::SocketAddress from;
      socklen_t size = net::SocketAddress::capacity();
      const ssize_t got = ::recvfrom(fd_.get(), packet.data(), packet.size(), 0, from.mutable_get(), &size);
      if (got < 4) return;
      from.set_size(size);
      packet.resize(static_cast<std::size_t>(got));
      handle(packet, from);
    }
  }

 private:
  void handle(const std::string& packet, const net::SocketAddress& from) {
    if (packet[1] == 6) return say(ack(0), from);
    ASSERT_EQ(packet[1], 3) << packet.substr(4);
    const auto number = static_cast<std::uint16_t>(static_cast<unsigned char>(packet[2]) << 8 |
                                                   static_cast<unsigned char>(packet[3]));
    if (number == wanted_) {
      image_.append(packet, 4);
      done_ = packet.size() < 1028;
      if (wanted_++ % 8 != 0 && !done_) return;
    }
    say(ack(static_cast<std::uint16_t>(wanted_ - 1)), from);
  }

  void say(const std::string& packet, const net::SocketAddress& to) {
    last_ = packet;
    to_ = to;
    ::sendto(fd_.get(), packet.data(), packet.size(), 0, to.get(), to.size());
  }

  net::Fd fd_;
  net::SocketAddress server_, to_;
  std::string last_, image_;
  std::uint16_t wanted_ = 1;
  bool done_ = false;
};

class TftpStormTest : public TftpServerTest {
 protected:
  void SetUp() override {
    TftpServerTest::SetUp();
    rlimit files{};
    ::getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &files);
  }

  void boot(std::size_t count) {
    std::string image(30'000, '\0');
    for (std::size_t i = 0; i < image.size(); ++i)
      image[i] = static_cast<char>('A' + i % 61);
    folder_.put("image", image);
    const net::Fd epoll(::epoll_create1(EPOLL_CLOEXEC));
    std::vector<std::unique_ptr<Booting>> clients;
    for (std::size_t i = 0; i < count; ++i) {
      clients.push_back(std::make_unique<Booting>(place()));
      epoll_event event{};
      event.events = EPOLLIN;
      event.data.ptr = clients.back().get();
      ASSERT_EQ(::epoll_ctl(epoll.get(), EPOLL_CTL_ADD, clients.back()->fd(), &event), 0);
    }
    std::size_t left = count;
    std::vector<epoll_event> events(256);
    for (int quiet = 0; left > 0 && quiet < 100;) {
      const int ready = ::epoll_wait(epoll.get(), events.data(), 256, 200);
      for (int i = 0; i < ready; ++i) {
        auto& client = *static_cast<Booting*>(events[static_cast<std::size_t>(i)].data.ptr);
        const bool was_done = client.is_done();
        client.handle_packets();
        if (!was_done && client.is_done()) --left;
      }
      if (ready > 0) continue;
      ++quiet;
      for (const auto& each : clients)
        if (!each->is_done()) each->say_again();
    }
    for (const auto& each : clients)
      ASSERT_TRUE(each->image() == image);
  }
};

TEST_F(TftpStormTest, ServesEverybodyFromPortsOfTheirOwn) {
  serve_files();
  boot(2000);
}

TEST_F(TftpStormTest, ServesEverybodyFromTheListeningPort) {
  serve_files("&ports=single");
  boot(2000);
}

#if !defined(__SANITIZE_THREAD__)  // whose instrumentation keeps more in each frame
TEST_F(TftpStormTest, ATransferTakesLessThan4KiB) {
  constexpr std::size_t transfers = 1000;
  folder_.put("image", std::string(5000, 'x'));
  for (const char* options : {"", "&ports=single"}) {
    serve({"tftp://127.0.0.1:0?root=" + folder_.path() + options}, 1);
    std::vector<TftpClient> clients;
    for (std::size_t i = 0; i < transfers + 10; ++i)
      clients.push_back(call_tftp());
    std::size_t before = 0;
    for (std::size_t i = 0; i < clients.size(); ++i) {
      if (i == 10) before = allocated_bytes();  // what all of them share is there
      clients[i].ask("\0\1image\0octet\0blksize\0001428\0windowsize\0008\0tsize\0000\0"s);
      EXPECT_EQ(clients[i].hear().substr(0, 2), "\0\6"s);
    }
    const std::size_t each = (allocated_bytes() - before) / transfers;
    EXPECT_LT(each, 4096u) << options;
    RecordProperty(*options == '\0' ? "bytes" : "bytes_of_single_port", std::to_string(each));
    for (TftpClient& client : clients)
      client.say("\0\5\0\0bye\0"s);
    leave();
  }
}
#endif

}  // namespace
}  // namespace yam::service
