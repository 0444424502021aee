#include "yam/net/socket/dial.hpp"

#include <cerrno>
#include <netinet/in.h>
#include <sys/socket.h>

#include "yam/net/loop/event.hpp"
#include "yam/net/loop/scope.hpp"
#include "yam/net/socket/resolver.hpp"
#include "yam/net/socket/socket_option.hpp"
#include "yam/net/socket/unix_path.hpp"

namespace yam::net {

namespace {

Result<void> bind_source(const Fd& socket, const SocketAddress& peer, const DialOptions& options) {
  if (options.bind.empty() && options.source_port == 0) return {};
  IpAddress source = IpAddress::any(peer.family() == AF_INET ? Family::v4 : Family::v6);
  if (!options.bind.empty()) {
    auto literal = IpAddress::parse(options.bind);
    if (!literal) return fail(literal.error());
    source = *literal;
    if (source.is_v4() != (peer.family() == AF_INET))
      return fail(Code::usage, "cannot call " + peer.to_string() + " from " + source.to_string() +
                                   ": one is IPv4, the other IPv6");
  }
  set_option(socket.get(), SOL_SOCKET, SO_REUSEADDR, 1);
  if (options.source_port == 0) set_option(socket.get(), IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1);
  const SocketAddress address = SocketAddress::of({source, options.source_port});
  if (::bind(socket.get(), address.get(), address.size()) != 0) return fail_to_bind(address, errno);
  return {};
}

Task<Result<Dialed>> connect_to(Loop& loop, SocketAddress peer, DialOptions options) {
  const std::string what = "cannot connect to " + peer.to_string();
  Fd socket(::socket(peer.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket) co_return fail_os(what, errno);
  if (peer.ip())
    if (auto bound = bind_source(socket, peer, options); !bound) co_return fail(bound.error());

  const int fd = socket.get();
  const bool connected = ::connect(fd, peer.get(), peer.size()) == 0;
  const int error = errno;
  if (!connected && error != EINPROGRESS) co_return fail_to_call(peer, error);
  auto stream = FdStream::over_socket(loop, std::move(socket));
  if (!stream) co_return fail(stream.error());
  if (!connected) {
    Watch& watch = (*stream)->write_watch();
    watch.filled();
    if (!co_await watch.writable(options.deadline)) co_return fail(Code::timeout, what + ": time ran out");
    int outcome = 0;
    socklen_t size = sizeof outcome;
    ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &outcome, &size);
    if (outcome != 0) co_return fail_to_call(peer, outcome);
  }
  co_return Dialed(std::move(*stream), local_address_of(fd), peer);
}

// Attempts side by side, each begun when the one before has failed or been silent for a while.
class Race {
 public:
  Race(Loop& loop, DialOptions options)
      : loop_(loop), options_(std::move(options)), news_(loop), runners_(loop) {}

  Task<Result<Dialed>> run(std::vector<SocketAddress> peers) {
    for (const SocketAddress& peer : peers) {
      const std::size_t failures_before = failures_;
      runners_.spawn(attempt(peer));
      const bool is_last = &peer == &peers.back();
      const Time patience = is_last ? never : after(loop_.now(), connection_attempt_delay);
      while (!winner_ && failures_ == failures_before && runners_.size() > 0) {
        news_.reset();
        if (!co_await news_.wait(patience)) break;
      }
      if (winner_) break;
    }
    while (!winner_ && runners_.size() > 0) {
      news_.reset();
      co_await news_.wait();
    }
    if (winner_) co_return std::move(*winner_);
    co_return fail(*first_fault_);
  }

 private:
  Task<> attempt(SocketAddress peer) {
    auto dialed = co_await connect_to(loop_, peer, options_);
    if (!dialed) {
      ++failures_;
      if (!first_fault_) first_fault_ = dialed.error();
    } else if (!winner_) {
      winner_.emplace(std::move(*dialed));
    }
    news_.set();
  }

  Loop& loop_;
  DialOptions options_;
  Event news_;
  std::size_t failures_ = 0;
  std::optional<Error> first_fault_;
  std::optional<Dialed> winner_;
  Scope runners_;  // last: cancelled before what the attempts point at
};

}  // namespace

std::vector<IpAddress> interleaved(const std::vector<IpAddress>& addresses) {
  std::vector<IpAddress> first, second, turns;
  for (const IpAddress& address : addresses)
    (address.family() == addresses.front().family() ? first : second).push_back(address);
  for (std::size_t i = 0; i < first.size() || i < second.size(); ++i) {
    if (i < first.size()) turns.push_back(first[i]);
    if (i < second.size()) turns.push_back(second[i]);
  }
  return turns;
}

Task<Result<Dialed>> dial_tcp(Loop& loop, std::string host, std::uint16_t port, DialOptions options) {
  auto addresses = co_await resolve(loop, host, options.deadline);
  if (!addresses) co_return fail(addresses.error());
  std::vector<SocketAddress> peers;
  const auto turns = interleaved(*addresses);
  for (const IpAddress& address : turns) {
    const IpPort place{address, port};
    peers.push_back(SocketAddress::of(place));
  }
  Race race(loop, options);
  co_return co_await race.run(peers);
}

Task<Result<Dialed>> dial_unix(Loop& loop, std::string path, DialOptions options) {
  const auto peer = SocketAddress::of_unix(path);
  if (!peer) co_return fail(peer.error());
  co_return co_await connect_to(loop, *peer, options);
}

}  // namespace yam::net
