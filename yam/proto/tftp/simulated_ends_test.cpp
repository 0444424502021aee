#include "yam/proto/tftp/simulated_ends_test.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "yam/base/random.hpp"
#include "yam/proto/tftp/simulated_file_test.hpp"

namespace yam::proto::tftp::simulated {
namespace {

using namespace std::chrono_literals;

constexpr Duration longest = 30min;
constexpr std::size_t ip_udp_bytes = 28;

// Either end made of the machines.
class Ours : public End {
 public:
  Ours(const Case& play, sim::Network& network, bool client, sim::Address address)
      : play_(play),
        network_(network),
        client_(client),
        address_(address),
        reads_(client == play.write),
        sink_(play.mode) {
    if (reads_) file = contents(play);
    if (!client) return;
    if (play.write && play_.options.size_bytes) play_.options.size_bytes = size_known();
    requester_ = Requester::make({play.write, "boot/image", play.mode, play_.options}, network.now()).value();
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
    if (sender_ && state() != State::running) return never;
    if (sender_) return std::min(sender_->deadline(), source_->deadline(*sender_));
    if (receiver_) return receiver_->deadline();
    return requester_ ? requester_->deadline() : never;
  }

  void handle_forged_ack(std::uint64_t ahead) override {
    if (!sender_) return;
    Bytes ack;
    write_ack(ack, wire_number(sent_ + ahead, play_.rollover));
    sender_->handle_packet(ack, network_.now());
    drain();
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
    const bool is_again = string_of(packet) == request_;
    if (sender_ && is_again) return sender_->handle_request_again(network_.now());
    if (receiver_ && is_again) return receiver_->handle_request_again(network_.now());
    begin_anew();
    request_ = string_of(packet);
    peer_ = from;
    const auto& request = std::get<Request>(*decoded);
    const Options granted = grant(read_options(request.options), play_.caps, request.write, size_known());
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

  // Upon another request of the same client, which has given up the first one.
  void begin_anew() {
    sender_.reset();
    receiver_.reset();
    sent_ = 0;
    sink_ = Sink(play_.mode);
    if (!reads_) file.clear();
  }

  // Text gets longer on its way, and what grows may do so for long.
  std::optional<std::uint64_t> size_known() const {
    if (play_.mode == Mode::netascii || play_.grows) return std::nullopt;
    return play_.size;
  }

  void start_sender(Sender::Setup setup) {
    sender_.emplace(std::move(setup), network_.now());
    source_.emplace(file, play_.mode, play_.grows, play_.seed);
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
    if (const auto bytes = receiver_->poll_data()) sink_.take(*bytes, file);
    if (!receiver_->complete()) return;
    sink_.end(file);
    receiver_->handle_saved(network_.now());
  }

  void send(sim::Address to, ByteView packet) {
    ++packets_out;
    bytes_out += packet.size();
    const bool proved = client_ || (sender_ ? sender_->proved() : receiver_->proved());
    if (!proved) {
      ++answers;
      answered_bytes += packet.size() + ip_udp_bytes;
    }
    network_.send(address_, to, packet);
  }

  void drain() {
    if (requester_) {
      while (const auto out = requester_->poll_packet(network_.now()))
        send(requester_->end() == tftp::End::none ? server_port : last_from_, *out);
    }
    if (receiver_) {
      while (const auto packet = receiver_->poll_packet(network_.now()))
        send(*peer_, *packet);
    }
    if (!sender_) return;
    source_->feed(*sender_, network_.now());
    while (const auto out = sender_->poll_output(network_.now())) {
      if (const auto* packet = std::get_if<ByteView>(&*out)) {
        send(*peer_, *packet);
        continue;
      }
      const auto& burst = std::get<Burst>(*out);
      for (std::uint64_t block = burst.first; block < burst.first + burst.blocks; ++block)
        send_block(block);
    }
  }

  void send_block(std::uint64_t block) {
    const auto header = sender_->header(block);
    const ByteView bytes = source_->block(*sender_, block);
    Bytes data(header.begin(), header.end());
    data.insert(data.end(), bytes.begin(), bytes.end());
    const bool lost = play_.lost_block == block && block > sent_;
    sent_ = std::max(sent_, block);
    if (!lost) send(*peer_, data);
  }

  Case play_;
  sim::Network& network_;
  bool client_;
  sim::Address address_;
  bool reads_;
  std::string request_;  // that is being served
  std::optional<sim::Address> peer_;
  sim::Address last_from_ = 0;
  std::optional<Requester> requester_;
  std::optional<Sender> sender_;
  std::optional<Source> source_;
  std::uint64_t sent_ = 0;  // the highest block
  std::optional<Receiver> receiver_;
  Sink sink_;
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

std::string contents(const Case& play) {
  constexpr std::string_view text("\r\n\0a", 4);
  Random random(play.seed);
  std::string bytes(play.size, '\0');
  for (char& byte : bytes)
    byte = play.mode == Mode::netascii ? text[random.next() % 4] : static_cast<char>(random.next());
  return bytes;
}

std::unique_ptr<End> make_client(const Case& play, sim::Network& network) {
  return std::make_unique<Ours>(play, network, true, client_address);
}
std::unique_ptr<End> make_server(const Case& play, sim::Network& network, sim::Address address) {
  return std::make_unique<Ours>(play, network, false, address);
}

Outcome run(const Case& play) {
  ImpairmentPlan weather = play.weather;
  weather.seed = play.seed;
  sim::Network network(weather);
  Random fates(play.seed + 1);
  const Time began = network.now();
  const auto server = play.forks        ? make_forking_server(play, network)
                      : play.old_server ? make_old(play, network, false)
                                        : make_server(play, network, server_address);
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
      if (play.forged) (play.write ? client : server)->handle_forged_ack(1 + fates.next() % 100);
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
