#include "yam/proto/tftp/simulated_ends_test.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "yam/base/random.hpp"

namespace yam::proto::tftp::simulated {
namespace {

using namespace std::chrono_literals;

constexpr Duration longest = 30min;
constexpr std::size_t ip_udp_bytes = 28;

// Either end made of the machines.
class Ours : public End {
 public:
  Ours(const Case& play, sim::Network& network, bool client)
      : play_(play), network_(network), client_(client), reads_(client == play.write) {
    if (reads_) file = contents(play.seed, play.size);
    if (!client) return;
    if (play.write && play_.options.size_bytes) play_.options.size_bytes = play.size;
    requester_ =
        Requester::make({play.write, "boot/image", Mode::octet, play_.options}, network.now()).value();
    drain();
  }

  void handle_packet(sim::Address from, sim::Address to, ByteView packet) override {
    bytes_in += packet.size();
    if (!client_ && to == server_port) {
      handle_request(from, packet);
    } else if (from == stranger || (peer_ && from != *peer_)) {
      Bytes error;
      write_error(error, ErrorCode::unknown_transfer, "");
      network_.send(to, from, error);  // RFC 1350 §4
    } else if (sender_) {
      sender_->handle_packet(packet, network_.now());
    } else if (receiver_) {
      receive(packet);
    } else if (requester_) {
      last_from_ = from;
      requester_->handle_packet(packet, network_.now());
      if (requester_->agreed()) go_on(packet);
    }
    drain();
  }

  void handle_timeout() override {
    if (sender_) {
      sender_->handle_timeout(network_.now());
    } else if (receiver_) {
      receiver_->handle_timeout(network_.now());
    } else if (requester_) {
      requester_->handle_timeout(network_.now());
    }
    drain();
  }

  Time deadline() const override {
    if (sender_) return sender_->deadline();
    if (receiver_) return receiver_->deadline();
    return requester_ ? requester_->deadline() : never;
  }

  State state() const override {
    const auto end = sender_      ? sender_->end()
                     : receiver_  ? receiver_->end()
                     : requester_ ? requester_->end()
                                  : tftp::End::none;
    if (end == tftp::End::none) return State::running;
    return end == tftp::End::done ? State::done : State::failed;
  }
  bool gone() const override { return state() != State::running && (!receiver_ || receiver_->gone()); }

  std::string words() const override {
    if (sender_) return sender_->error().what;
    if (receiver_) return receiver_->error().what;
    return requester_ ? requester_->error().what : "";
  }

 private:
  void handle_request(sim::Address from, ByteView packet) {
    const Result<Packet> decoded = decode(packet);
    if (!decoded || !std::holds_alternative<Request>(*decoded) || from == stranger) return;
    ++requests;
    request_bytes += packet.size() + ip_udp_bytes;
    if (sender_) return sender_->handle_request_again(network_.now());
    if (receiver_) return receiver_->handle_request_again(network_.now());
    peer_ = from;
    const auto& request = std::get<Request>(*decoded);
    const Options granted = grant(read_options(request.options), play_.caps, request.write, file.size());
    Bytes option_ack;
    if (!granted.empty()) {
      EXPECT_TRUE(write_option_ack(option_ack, OptionWords(granted).texts()));
    }
    if (request.write) {
      receiver_.emplace(Receiver::Setup{.terms = Terms(granted), .option_ack = option_ack}, network_.now());
    } else {
      start_sender({.terms = Terms(granted), .option_ack = option_ack, .rollover = play_.rollover});
    }
  }

  void start_sender(Sender::Setup setup) {
    sender_.emplace(std::move(setup), network_.now());
    sender_->handle_source(file.size(), true, network_.now());
  }

  void go_on(ByteView packet) {
    const Agreement agreed = *requester_->agreed();
    peer_ = last_from_;
    if (play_.write)
      return start_sender({.terms = agreed.terms,
                           .proved = true,
                           .rollover = play_.rollover,
                           .round_trip = agreed.round_trip});
    const bool data = agreed.by == Agreement::By::data;
    receiver_.emplace(
        Receiver::Setup{
            .terms = agreed.terms, .answers = !data, .proved = true, .round_trip = agreed.round_trip},
        network_.now());
    if (data) receive(packet);
  }

  void receive(ByteView packet) {
    receiver_->handle_packet(packet, network_.now());
    if (const auto bytes = receiver_->poll_data()) file += text_of(*bytes);
    if (receiver_->complete()) receiver_->handle_saved(network_.now());
  }

  void send(sim::Address to, ByteView packet) {
    ++packets_out;
    bytes_out += packet.size();
    const bool proved = client_ || (sender_ ? sender_->proved() : receiver_->proved());
    if (!proved) {
      ++answers;
      answered_bytes += packet.size() + ip_udp_bytes;
    }
    network_.send(client_ ? client_address : server_address, to, packet);
  }

  void drain() {
    if (requester_) {
      while (const auto out = requester_->poll_packet(network_.now()))
        send(out->to_request ? server_port : last_from_, out->packet);
    }
    if (receiver_) {
      while (const auto packet = receiver_->poll_packet(network_.now()))
        send(*peer_, *packet);
    }
    while (const auto out = sender_ ? sender_->poll_output(network_.now()) : std::nullopt) {
      if (const auto* packet = std::get_if<ByteView>(&*out)) {
        send(*peer_, *packet);
        continue;
      }
      const auto& burst = std::get<Burst>(*out);
      for (std::uint64_t block = burst.first; block < burst.first + burst.blocks; ++block) {
        const auto header = sender_->header(block);
        const BlockRange range = sender_->range(block);
        Bytes data(header.begin(), header.end());
        const ByteView bytes = bytes_of(file).subspan(range.offset, range.bytes);
        data.insert(data.end(), bytes.begin(), bytes.end());
        send(*peer_, data);
      }
    }
  }

  Case play_;
  sim::Network& network_;
  bool client_;
  bool reads_;
  std::optional<sim::Address> peer_;
  sim::Address last_from_ = 0;
  std::optional<Requester> requester_;
  std::optional<Sender> sender_;
  std::optional<Receiver> receiver_;
};

// An end that knows RFC 1350 alone: blocks of 512, one at a time, a timer of a second, and an answer to
// whatever it hears, also when it has answered that before. Its last packet is always said again.
class Old : public End {
 public:
  Old(const Case& play, sim::Network& network, bool client)
      : play_(play), network_(network), client_(client), reads_(client == play.write) {
    if (reads_) file = contents(play.seed, play.size);
    if (!client) return;
    peer_ = server_port;
    static_cast<void>(write_request(last_, {play.write, "boot/image", Mode::octet, {}}));
    say();
  }

  void handle_packet(sim::Address from, sim::Address to, ByteView bytes) override {
    const Result<Packet> decoded = decode(bytes);
    if (!decoded || from == stranger || failed_) return;
    if (!client_ && to == server_port) {
      if (block_ > 0 || !std::holds_alternative<Request>(*decoded)) return;
      peer_ = from;
      ++requests;
      if (reads_) return send_block(1);
      return acknowledge(0);
    }
    if (client_ && peer_ == server_port) peer_ = from;
    if (from != peer_) return;
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

void disturb(sim::Network& network, Random& fates) {
  Bytes packet;
  const auto number = static_cast<std::uint16_t>(fates.next() % 5);
  if (fates.chance(0.3)) {
    write_error(packet, ErrorCode::disk_full, "go away");
  } else if (fates.chance(0.5)) {
    write_ack(packet, number);
  } else {
    const auto header = data_header(number);
    packet.assign(header.begin(), header.end());
  }
  network.send(stranger, fates.chance(0.5) ? client_address : server_address, packet);
}

}  // namespace

std::string contents(std::uint64_t seed, std::size_t size) {
  Random random(seed);
  std::string text(size, '\0');
  for (char& letter : text)
    letter = static_cast<char>(random.next());
  return text;
}

std::unique_ptr<End> make_client(const Case& play, sim::Network& network) {
  return std::make_unique<Ours>(play, network, true);
}
std::unique_ptr<End> make_server(const Case& play, sim::Network& network) {
  return std::make_unique<Ours>(play, network, false);
}
std::unique_ptr<End> make_old(const Case& play, sim::Network& network, bool client) {
  return std::make_unique<Old>(play, network, client);
}

Outcome run(const Case& play) {
  ImpairmentPlan weather = play.weather;
  weather.seed = play.seed;
  sim::Network network(weather);
  Random fates(play.seed + 1);
  const Time began = network.now();
  const auto server = play.old_server ? make_old(play, network, false) : make_server(play, network);
  const auto client = play.old_client ? make_old(play, network, true) : make_client(play, network);
  bool healed = !play.heals;
  Outcome outcome;
  while (network.now() - began < longest) {
    Time until = std::min(server->deadline(), client->deadline());
    if (!healed) until = std::min(until, began + 2s);
    const auto arrival = network.next(until);
    if (!arrival && until == never) break;
    if (arrival && arrival->to != stranger) {
      const bool to_client = arrival->to == client_address;
      outcome.asked |= !to_client;
      (to_client ? client : server)->handle_packet(arrival->from, arrival->to, arrival->bytes);
      if (play.strangers && fates.chance(0.2)) disturb(network, fates);
    }
    if (!healed && network.now() >= began + 2s) {
      network.heal();
      healed = true;
    }
    for (const auto& end : {client.get(), server.get()}) {
      if (end->deadline() <= network.now()) end->handle_timeout();
    }
    if (client->state() == End::State::running) outcome.took = network.now() - began;
    if (client->gone() && (server->gone() || !outcome.asked)) break;
  }
  outcome.in_time = network.now() - began < longest;
  outcome.client = client->state();
  outcome.server = server->state();
  outcome.right = client->file == server->file;
  outcome.words = client->words() + " / " + server->words();
  outcome.reader_packets = (play.write ? client : server)->packets_out;
  outcome.writer_packets = (play.write ? server : client)->packets_out;
  outcome.answers = server->answers;
  outcome.requests = server->requests;
  outcome.answered_bytes = server->answered_bytes;
  outcome.request_bytes = server->request_bytes;
  return outcome;
}

}  // namespace yam::proto::tftp::simulated
