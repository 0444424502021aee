#pragma once
// One file on its way, up or down, until it is told how that ended. One that just goes (the server stops, the
// task is cancelled) has broken off: the peer then gets a reset, which nobody can take for "all of it".

#include <string>

#include "yam/net/relay.hpp"
#include "yam/service/server/server_visit.hpp"

namespace yam::service {

class Transfer {
 public:
  // `name` is what is told with the fault, until something else is; `visit` outlives the transfer.
  Transfer(Visit& visit, std::string peer, std::string name);
  ~Transfer();
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  void is_called(std::string name) { event_.name = std::move(name); }
  void has(std::uint64_t bytes) { event_.bytes = bytes; }

  // All of it: received or sent.
  void succeed();
  // Nothing went out or came; the end of the connection says so.
  void refuse(Error error);
  // The peer must not take what there is for the whole file.
  void break_off(Error error);

 private:
  void tell(ServerEvent::Kind kind);

  Visit& visit_;
  ServerEvent event_;
  Time began_;
  bool is_over_ = false;
};

// Moves a file's bytes, of the visitor or to it, under the limits on idleness and rate.
net::Task<net::Relayed> relay_file(Visit& visit, net::Stream& from, net::Stream& to, std::uint64_t bytes_max);

}  // namespace yam::service
