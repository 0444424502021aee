// A server with a process for each request, which knows nothing of the others: each has an address of its
// own.
#include <algorithm>
#include <vector>

#include "yam/proto/tftp/simulated_ends_test.hpp"

namespace yam::proto::tftp::simulated {
namespace {

class Forking : public End {
 public:
  Forking(const Case& play, sim::Network& network) : play_(play), network_(network) {}

  void handle_packet(sim::Address from, sim::Address to, ByteView packet) override {
    if (to == server_port) {
      const auto address = server_address + static_cast<sim::Address>(servers_.size());
      servers_.push_back(make_server(play_, network_, address));
      servers_.back()->handle_packet(from, to, packet);
    } else {
      servers_.at(to - server_address)->handle_packet(from, to, packet);
    }
    note();
  }

  void handle_timeout() override {
    for (const auto& server : servers_)
      if (server->deadline() <= network_.now()) server->handle_timeout();
    note();
  }

  Time deadline() const override {
    Time first = never;
    for (const auto& server : servers_)
      first = std::min(first, server->deadline());
    return first;
  }

  // Done when one of them is; the others then need to be over.
  State state() const override {
    bool done = false;
    for (const auto& server : servers_) {
      if (server->state() == State::running) return State::running;
      done |= server->state() == State::done;
    }
    return servers_.empty() ? State::running : done ? State::done : State::failed;
  }
  bool gone() const override {
    return std::ranges::all_of(servers_, [](const auto& server) { return server->gone(); });
  }
  std::string words() const override { return servers_.empty() ? "" : servers_.back()->words(); }

 private:
  void note() {
    packets_out = answers = answered_bytes = request_bytes = requests = 0;
    for (const auto& server : servers_) {
      if (server->state() == State::done || file.empty()) file = server->file;
      packets_out += server->packets_out;
      answers += server->answers;
      answered_bytes += server->answered_bytes;
      request_bytes += server->request_bytes;
      requests += server->requests;
    }
  }

  Case play_;
  sim::Network& network_;
  std::vector<std::unique_ptr<End>> servers_;
};

}  // namespace

std::unique_ptr<End> make_forking_server(const Case& play, sim::Network& network) {
  return std::make_unique<Forking>(play, network);
}

}  // namespace yam::proto::tftp::simulated
