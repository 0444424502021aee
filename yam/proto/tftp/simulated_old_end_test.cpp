// An end that knows RFC 1350 alone: blocks of 512, one at a time, a timer of a second, and an answer to
// whatever it hears, also when it has answered that before. Its last packet is always said again. A server of
// that kind meets options in one of three ways.
#include <algorithm>

#include "yam/proto/tftp/simulated_ends_test.hpp"

namespace yam::proto::tftp::simulated {
namespace {

using namespace std::chrono_literals;

// As that of a server with a process for each request.
constexpr sim::Address refusing_address = 2069;

class Old : public End {
 public:
  Old(const Case& play, sim::Network& network, bool client)
      : play_(play), network_(network), client_(client), reads_(client == play.write) {
    if (reads_) file = contents(play);
    if (!client) return;
    peer_ = server_port;
    static_cast<void>(write_request(last_, {play.write, "boot/image", Mode::octet, {}}));
    say();
  }

  void handle_packet(sim::Address from, sim::Address to, ByteView bytes) override {
    const Result<Packet> decoded = decode(bytes);
    if (!decoded || from == stranger || failed_) return;
    if (!client_ && to == server_port) {
      const auto* request = std::get_if<Request>(&*decoded);
      if (!request || (!request->options.empty() && !bears_options(from)) || block_ > 0) return;
      peer_ = from;
      ++requests;
      if (reads_) return send_block(1);
      return acknowledge(0);
    }
    if (client_ && peer_ == server_port) peer_ = from;
    if (from != peer_ || to == refusing_address) return;
    if (const auto* ack = std::get_if<Ack>(&*decoded); ack && reads_) {
      if (ack->number != static_cast<std::uint16_t>(block_)) return;
      if (done_ || (block_ > 0 && (block_ - 1) * 512 + 512 > file.size()))
        return static_cast<void>(done_ = true);
      send_block(block_ + 1);
    } else if (const auto* data = std::get_if<Data>(&*decoded); data && !reads_) {
      const bool next = data->number == static_cast<std::uint16_t>(block_ + 1);
      if (!next && data->number != static_cast<std::uint16_t>(block_)) return;
      if (next && !done_) {
        file += text_of(data->bytes);
        ++block_;
        done_ = data->bytes.size() < 512;
      }
      acknowledge(block_);
    } else if (std::holds_alternative<ErrorPacket>(*decoded) && !done_) {
      failed_ = true;
    }
  }

  void handle_timeout() override {
    if (++tries_ > 30) failed_ = !done_;
    say();
  }
  Time deadline() const override { return state() == State::running && !last_.empty() ? due_ : never; }
  State state() const override { return done_ ? State::done : failed_ ? State::failed : State::running; }
  std::string words() const override { return failed_ ? "old peer failed" : ""; }

 private:
  bool bears_options(sim::Address from) {
    if (play_.temper == Temper::refuses_options) {
      Bytes error;
      write_error(error, play_.refusal, "no options here");
      network_.send(refusing_address, from, error);
    }
    return play_.temper == Temper::ignores_options;
  }
  void send_block(std::uint64_t block) {
    if (block != block_) tries_ = 0;
    block_ = block;
    const auto header = data_header(static_cast<std::uint16_t>(block));
    last_.assign(header.begin(), header.end());
    const ByteView rest = bytes_of(file).subspan(std::min<std::size_t>(file.size(), (block - 1) * 512));
    last_.insert(last_.end(), rest.begin(), rest.begin() + std::min<std::ptrdiff_t>(512, std::ssize(rest)));
    say();
  }
  void acknowledge(std::uint64_t block) {
    tries_ = 0;
    write_ack(last_, static_cast<std::uint16_t>(block));
    say();
  }
  void say() {
    ++packets_out;
    network_.send(client_ ? client_address : server_address, peer_, last_);
    due_ = after(network_.now(), 1s);
  }

  Case play_;
  sim::Network& network_;
  bool client_, reads_, done_ = false, failed_ = false;
  unsigned tries_ = 0;
  std::uint64_t block_ = 0;
  sim::Address peer_ = 0;
  Bytes last_;
  Time due_ = never;
};

}  // namespace

std::unique_ptr<End> make_old(const Case& play, sim::Network& network, bool client) {
  return std::make_unique<Old>(play, network, client);
}

}  // namespace yam::proto::tftp::simulated
