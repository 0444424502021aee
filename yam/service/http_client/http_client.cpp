#include "yam/service/http_client/http_client.hpp"

#include <utility>

#include "yam/net/socket/dial.hpp"

namespace yam::service {

namespace http = proto::http;
using net::Task;

namespace {

std::unexpected<Error> fail_at_proxy(const HttpProxy& proxy, Code code, const std::string& words,
                                     std::string hint = {}) {
  return fail(code, "the proxy " + proxy.origin.to_string() + " " + words, std::move(hint));
}

}  // namespace

HttpClient::HttpClient(net::Loop& loop, Setup setup) : loop_(loop), setup_(std::move(setup)) {
  setup_.tls.alpn = {"http/1.1"};
}

Task<Result<std::unique_ptr<HttpConnection>>> HttpClient::connect(HttpOrigin origin) {
  if (auto kept = take_kept(origin)) co_return kept;
  auto opening = open(std::move(origin));
  co_return co_await std::move(opening);
}

void HttpClient::keep(std::unique_ptr<HttpConnection> connection) {
  if (connection == nullptr || !connection->is_reusable()) return;
  kept_.push_back(std::move(connection));
  if (kept_.size() > kept_max) kept_.pop_front();
}

std::unique_ptr<HttpConnection> HttpClient::take_kept(const HttpOrigin& origin) {
  for (std::size_t i = kept_.size(); i-- > 0;) {
    if (kept_[i]->origin() != origin) continue;
    auto connection = std::move(kept_[i]);
    kept_.erase(kept_.begin() + static_cast<std::ptrdiff_t>(i));
    if (connection->is_reusable()) return connection;
  }
  return nullptr;
}

Task<Result<std::unique_ptr<HttpConnection>>> HttpClient::open(HttpOrigin origin) {
  auto calling = call(origin);
  auto connection = co_await std::move(calling);
  if (!connection) {
    Error error = connection.error();
    if (error.what.find(origin.host) == std::string::npos)
      error.what = origin.to_string() + ": " + error.what;
    co_return fail(std::move(error));
  }
  co_return std::make_unique<HttpConnection>(loop_, std::move(*connection), std::move(origin), setup_.silence,
                                             setup_.observer);
}

Task<Result<net::Connection>> HttpClient::call(HttpOrigin origin) {
  const Time deadline = after(loop_.now(), setup_.silence);
  const auto proxy = setup_.proxies.find(origin);
  if (!proxy) {
    auto calling = call_directly(std::move(origin), deadline);
    co_return co_await std::move(calling);
  }
  auto calling = call_through(*proxy, std::move(origin), deadline);
  co_return co_await std::move(calling);
}

Task<Result<net::Connection>> HttpClient::call_directly(HttpOrigin origin, Time deadline) {
  net::DialOptions options;
  options.deadline = deadline;
  options.bind = setup_.bind;
  auto dialing = net::dial_tcp(loop_, origin.host, origin.port, options);
  auto dialed = co_await std::move(dialing);
  if (!dialed) co_return fail(dialed.error());
  net::Connection connection;
  connection.peer = dialed->peer.to_string();
  connection.local = dialed->local.to_string();
  connection.tcp = dialed->stream->read_fd();
  connection.stream = std::move(dialed->stream);
  if (!origin.tls) co_return connection;
  auto securing = secure(std::move(connection), origin.host, deadline);
  co_return co_await std::move(securing);
}

// Plain requests are asked of the proxy itself; for TLS it opens a tunnel (RFC 9110 §9.3.6).
Task<Result<net::Connection>> HttpClient::call_through(HttpProxy proxy, HttpOrigin origin, Time deadline) {
  auto calling = call_directly(proxy.origin, deadline);
  auto connection = co_await std::move(calling);
  if (!connection)
    co_return fail_at_proxy(proxy, connection.error().code, "is out of reach: " + connection.error().what);
  if (!origin.tls) co_return connection;
  HttpConnection asking(loop_, std::move(*connection), proxy.origin, setup_.silence, nullptr);
  const std::string target = origin.authority(true);
  http::Field authorization{"Proxy-Authorization", proxy.authorization};
  http::Ask ask;
  ask.method = "CONNECT";
  ask.target = target;
  ask.host = target;
  if (!proxy.authorization.empty()) ask.fields = {&authorization, 1};
  if (auto written = asking.write_request(ask); !written) co_return fail(written.error());
  auto sending = asking.send();
  if (auto sent = co_await std::move(sending); !sent) co_return fail(sent.error());
  auto receiving = asking.receive_head();
  if (auto received = co_await std::move(receiving); !received) co_return fail(received.error());
  if (asking.framing().body != http::Body::tunnel) {
    const unsigned status = asking.head().status();
    const std::string hint = status == 407 ? "https_proxy=http://NAME:PASSWORD@HOST:PORT/ names us" : "";
    co_return fail_at_proxy(proxy, Code::refused,
                            "opens no way to " + target + ": status " + std::to_string(status), hint);
  }
  Bytes came;
  auto tunnel = asking.take_tunnel(came);
  if (!came.empty()) co_return fail_at_proxy(proxy, Code::protocol, "speaks before it is asked");
  auto securing = secure(std::move(tunnel), origin.host, deadline);
  co_return co_await std::move(securing);
}

Task<Result<net::Connection>> HttpClient::secure(net::Connection connection, std::string host,
                                                 Time deadline) {
  if (!tls_) {
    auto context = net::TlsContext::open(Side::calling, setup_.tls);
    if (!context) co_return fail(context.error());
    tls_ = std::move(*context);
  }
  auto connecting = net::TlsStream::connect(loop_, std::move(connection.stream), tls_, host, deadline);
  auto tls = co_await std::move(connecting);
  if (!tls) co_return fail(tls.error());
  connection.tls = (*tls)->facts();
  connection.stream = std::move(*tls);
  co_return connection;
}

Result<void> HttpClient::write(HttpConnection& connection, const HttpRequest& request) const {
  const HttpOrigin& origin = request.url.origin;
  const auto proxy = origin.tls ? std::nullopt : setup_.proxies.find(origin);
  const std::string target = proxy ? request.url.to_string() : request.url.target();
  const std::string host = origin.authority();
  std::vector<http::Field> fields;
  for (const HttpField& field : request.fields)
    fields.push_back({field.name, field.value});
  if (proxy && !proxy->authorization.empty()) fields.push_back({"Proxy-Authorization", proxy->authorization});
  http::Ask ask;
  ask.method = request.method;
  ask.target = target;
  ask.host = host;
  ask.fields = fields;
  ask.close = request.close;
  ask.body = request.body;
  ask.content_bytes = request.content_bytes;
  ask.expects_continue = request.expects_continue;
  return connection.write_request(ask);
}

Task<Result<std::unique_ptr<HttpConnection>>> HttpClient::ask(HttpRequest request, HttpReached& reached) {
  reached = HttpReached::nothing;
  auto connection = take_kept(request.url.origin);
  for (;;) {
    const bool was_kept = connection != nullptr;
    if (!was_kept) {
      auto opening = open(request.url.origin);
      auto opened = co_await std::move(opening);
      if (!opened) co_return fail(opened.error());
      connection = std::move(*opened);
    }
    reached = HttpReached::connected;
    if (auto written = write(*connection, request); !written) co_return fail(written.error());
    auto sending = connection->send();
    auto outcome = co_await std::move(sending);
    if (outcome) {
      auto receiving = connection->receive_head();
      outcome = co_await std::move(receiving);
    }
    if (outcome) {
      reached = HttpReached::answered;
      co_return connection;
    }
    if (!was_kept || connection->has_answered() || outcome.error().code == Code::timeout)
      co_return fail(outcome.error());
    connection.reset();
  }
}

}  // namespace yam::service
