#include "yam/net/connection.hpp"

#include <cerrno>
#include <unistd.h>

#include "yam/base/quantity.hpp"
#include "yam/net/socket/dial.hpp"
#include "yam/net/socket/resolver.hpp"
#include "yam/net/socket/unix_path.hpp"
#include "yam/net/stdio.hpp"

namespace yam::net {

namespace {

unsigned octal_of(std::string_view text) {
  constexpr int octal = 8;
  return static_cast<unsigned>(std::strtoul(std::string(text).c_str(), nullptr, octal));
}

Result<std::uint16_t> source_port_of(const Endpoint& endpoint) {
  const auto text = endpoint.option("source-port");
  if (!text) return 0;
  const unsigned long number = std::strtoul(std::string(*text).c_str(), nullptr, 10);
  if (number == 0 || number > 65'535)
    return fail(Code::usage, "source-port=" + std::string(*text) + " is not a port from 1 to 65535");
  return static_cast<std::uint16_t>(number);
}

Result<DialOptions> dial_options_of(const Endpoint& endpoint, Time deadline) {
  DialOptions options;
  options.deadline = deadline;
  options.bind = endpoint.option("bind").value_or("");
  const auto port = source_port_of(endpoint);
  if (!port) return fail(port.error());
  options.source_port = *port;
  return options;
}

// A fault names whom it is about, so that one of two in `pipe` can be told from the other; most do already.
std::unexpected<Error> fail_at(const Endpoint& endpoint, Error error) {
  const std::string& place = endpoint.host.empty() ? endpoint.path : endpoint.host;
  if (place.empty() || error.what.find(place) == std::string::npos)
    error.what = endpoint.to_string() + ": " + error.what;
  return fail(std::move(error));
}

Task<Result<Connection>> over_socket(Dialed dialed) {
  Connection connection;
  connection.peer = dialed.peer.to_string();
  connection.local = dialed.local.to_string();
  if (dialed.peer.ip()) connection.tcp = dialed.stream->read_fd();
  connection.stream = std::move(dialed.stream);
  co_return connection;
}

Task<Result<Connection>> call_tls(Loop& loop, Endpoint endpoint, DialOptions dial, CallOptions options) {
  auto tls_options = TlsOptions::from(endpoint);
  if (!tls_options) co_return fail(tls_options.error());
  if (tls_options->cert_file.empty()) tls_options->identity = options.identity;
  // Files that cannot be read are told before anybody is called.
  auto context = TlsContext::open(Side::calling, *tls_options);
  if (!context) co_return fail(context.error());
  auto dialed = co_await dial_tcp(loop, endpoint.host, endpoint.port, dial);
  if (!dialed) co_return fail(dialed.error());
  auto connection = co_await over_socket(std::move(*dialed));
  const std::string host = endpoint.host.empty() ? "localhost" : endpoint.host;
  auto tls = co_await TlsStream::connect(loop, std::move(connection->stream), *context, host, dial.deadline);
  if (!tls) co_return fail(tls.error());
  connection->tls = (*tls)->facts();
  connection->stream = std::move(*tls);
  co_return connection;
}

Task<Result<Connection>> call_datagrams(Loop& loop, Endpoint endpoint, DialOptions dial) {
  Result<SocketAddress> address;
  if (endpoint.scheme == Scheme::unix_datagram) {
    address = SocketAddress::of_unix(endpoint.path);
  } else {
    const auto addresses = co_await resolve(loop, endpoint.host, dial.deadline);
    if (!addresses) co_return fail(addresses.error());
    const IpPort place{addresses->front(), endpoint.port};
    address = SocketAddress::of(place);
  }
  if (!address) co_return fail(address.error());
  DatagramOptions options;
  options.broadcast = true;
  if (address->ip() && (!dial.bind.empty() || dial.source_port != 0)) {
    IpAddress source = IpAddress::any(address->ip()->address.family());
    if (!dial.bind.empty()) {
      const auto literal = IpAddress::parse(dial.bind);
      if (!literal) co_return fail(literal.error());
      source = *literal;
    }
    const IpPort place{source, dial.source_port};
    options.bind = SocketAddress::of(place);
  } else if (!dial.bind.empty()) {
    const auto path = SocketAddress::of_unix(dial.bind);
    if (!path) co_return fail(path.error());
    options.bind = *path;
  }
  auto peers = DatagramPeers::connect(loop, *address, options);
  const auto path = path_of(*address);
  if (!peers && path && ::access(path->c_str(), F_OK) != 0 && errno == ENOENT)
    co_return fail_to_call(*address, ENOENT);
  if (!peers) co_return fail(peers.error());
  Connection connection;
  connection.peer = address->to_string();
  connection.local = (*peers)->local_address().to_string();
  connection.stream = (*peers)->called();
  connection.socket = std::move(*peers);
  co_return connection;
}

Result<Connection> start_child(Children& children, const Endpoint& endpoint) {
  auto child = children.start(ChildOptions::shell(endpoint.path));
  if (!child) return fail(child.error());
  Connection connection;
  connection.peer = endpoint.to_string();
  connection.stream = (*child)->take_stream();
  connection.child = std::move(*child);
  return connection;
}

Result<Connection> open_file_endpoint(Loop& loop, const Endpoint& endpoint) {
  const auto append = endpoint.option("append");
  const FileUse use = append == "yes" ? FileUse::append : FileUse::read;
  mode_t mode = file_mode_default;
  if (const auto text = endpoint.option("mode")) mode = static_cast<mode_t>(octal_of(*text));
  auto file = open_file(loop, endpoint.path, use, mode);
  if (!file) return fail(file.error());
  Connection connection;
  connection.peer = endpoint.to_string();
  connection.stream = std::move(*file);
  return connection;
}

Result<Connection> open_stdio_endpoint(Loop& loop) {
  StdioOptions options;
  options.take = true;
  auto stream = open_stdio(loop, options);
  if (!stream) return fail(stream.error());
  Connection connection;
  connection.peer = "stdio";
  connection.stream = std::move(*stream);
  return connection;
}

Task<Result<Connection>> call_unnamed(Loop& loop, Children& children, Endpoint endpoint,
                                      CallOptions options) {
  Duration timeout = options.timeout;
  if (const auto text = endpoint.option("timeout")) {
    const auto span = parse_duration(*text);
    if (!span) co_return fail(span.error());
    timeout = *span;
  }
  auto dial = dial_options_of(endpoint, after(loop.now(), timeout));
  if (!dial) co_return fail(dial.error());
  switch (endpoint.scheme) {
    case Scheme::tcp: {
      auto dialed = co_await dial_tcp(loop, endpoint.host, endpoint.port, *dial);
      if (!dialed) co_return fail(dialed.error());
      co_return co_await over_socket(std::move(*dialed));
    }
    case Scheme::unix_stream: {
      auto dialed = co_await dial_unix(loop, endpoint.path, *dial);
      if (!dialed) co_return fail(dialed.error());
      co_return co_await over_socket(std::move(*dialed));
    }
    case Scheme::tls:
      co_return co_await call_tls(loop, endpoint, *dial, options);
    case Scheme::udp:
    case Scheme::unix_datagram:
      co_return co_await call_datagrams(loop, endpoint, *dial);
    case Scheme::exec:
      co_return start_child(children, endpoint);
    case Scheme::file:
      co_return open_file_endpoint(loop, endpoint);
    case Scheme::stdio:
      co_return open_stdio_endpoint(loop);
    case Scheme::ws:
    case Scheme::wss:
      break;
  }
  co_return fail(Code::usage, "WebSocket endpoints are not spoken yet", "use tcp:// or tls://");
}

}  // namespace

Task<Result<Connection>> call(Loop& loop, Children& children, Endpoint endpoint, CallOptions options) {
  auto connection = co_await call_unnamed(loop, children, endpoint, options);
  if (!connection) co_return fail_at(endpoint, connection.error());
  co_return connection;
}

Task<Result<std::unique_ptr<Acceptor>>> Acceptor::open(Loop& loop, Endpoint endpoint,
                                                       AcceptorOptions options) {
  std::unique_ptr<Acceptor> acceptor(new Acceptor(loop, endpoint));
  if (endpoint.scheme == Scheme::tls) {
    auto tls_options = TlsOptions::from(endpoint);
    if (!tls_options) co_return fail(tls_options.error());
    if (tls_options->cert_file.empty()) tls_options->identity = options.identity;
    auto context = TlsContext::open(Side::listening, *tls_options);
    if (!context) co_return fail(context.error());
    acceptor->tls_ = std::move(*context);
  }
  Result<void> listening;
  switch (endpoint.scheme) {
    case Scheme::unix_stream:
    case Scheme::unix_datagram: {
      const auto address = SocketAddress::of_unix(endpoint.path);
      if (!address) co_return fail(address.error());
      listening = acceptor->listen(*address, options);
      break;
    }
    case Scheme::tcp:
    case Scheme::tls:
    case Scheme::udp: {
      if (endpoint.host.empty()) {
        const IpPort every{every_address(), endpoint.port};
        listening = acceptor->listen(SocketAddress::of(every), options);
        break;
      }
      const auto addresses =
          co_await resolve(loop, endpoint.host, after(loop.now(), connect_timeout_default));
      if (!addresses) co_return fail_at(endpoint, addresses.error());
      const IpPort place{addresses->front(), endpoint.port};
      listening = acceptor->listen(SocketAddress::of(place), options);
      break;
    }
    default:
      co_return fail(Code::usage, endpoint.to_string() + ": nobody can be waited for there");
  }
  if (!listening) co_return fail(listening.error());
  co_return acceptor;
}

Result<void> Acceptor::listen(const SocketAddress& address, const AcceptorOptions& options) {
  unsigned mode = 0;
  if (const auto text = endpoint_.option("mode")) mode = octal_of(*text);
  if (endpoint_.scheme == Scheme::udp || endpoint_.scheme == Scheme::unix_datagram) {
    DatagramOptions datagram_options;
    datagram_options.reuse_port = options.reuse_port;
    datagram_options.unix_mode = mode;
    auto peers = DatagramPeers::bind(loop_, address, datagram_options, options.places);
    if (!peers) return fail(peers.error());
    datagrams_ = std::move(*peers);
    address_ = datagrams_->local_address();
    return {};
  }
  ListenOptions listen_options;
  listen_options.reuse_port = options.reuse_port;
  listen_options.unix_mode = mode;
  auto listener = Listener::open(loop_, address, listen_options);
  if (!listener) return fail(listener.error());
  listener_ = std::move(*listener);
  address_ = listener_->address();
  return {};
}

Task<Result<Connection>> Acceptor::accept() {
  Connection connection;
  connection.local = address_.to_string();
  if (datagrams_) {
    auto accepted = co_await datagrams_->accept();
    if (!accepted) co_return fail(accepted.error());
    connection.peer = accepted->peer.to_string();
    connection.stream = std::move(accepted->stream);
    co_return connection;
  }
  auto accepted = co_await listener_->accept();
  if (!accepted) co_return fail(accepted.error());
  connection.peer = accepted->peer.to_string();
  if (accepted->peer.ip()) connection.tcp = accepted->stream->read_fd();
  connection.stream = std::move(accepted->stream);
  co_return connection;
}

Task<Result<Connection>> Acceptor::welcome(Connection connection, Duration timeout) {
  if (!tls_) co_return connection;
  auto tls =
      co_await TlsStream::accept(loop_, std::move(connection.stream), tls_, after(loop_.now(), timeout));
  if (!tls) co_return fail(tls.error());
  connection.tls = (*tls)->facts();
  connection.stream = std::move(*tls);
  co_return connection;
}

std::string Acceptor::address() const {
  Endpoint shown = endpoint_;
  shown.options.clear();
  if (const auto place = address_.ip()) {
    shown.host = place->address.to_string();
    shown.port = place->port;
  }
  return shown.to_string();
}

std::uint16_t Acceptor::port() const {
  const auto place = address_.ip();
  return place ? place->port : 0;
}

}  // namespace yam::net
