#pragma once
// Asks web servers: connections are kept and used again, go by the proxies of the environment, and are
// checked before anything is sent over them. It gives an answer as it came: redirects, statuses and retries
// are the business of who asks (http_fetch.hpp).
//
// One loop; it outlives its connections.

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "yam/net/tls/tls_options.hpp"
#include "yam/service/http_client/http_connection.hpp"
#include "yam/service/http_client/http_proxies.hpp"

namespace yam::service {

struct HttpField {
  std::string name;
  std::string value;

  bool operator==(const HttpField&) const = default;
};

struct HttpRequest {
  std::string method = "GET";
  HttpUrl url;
  std::vector<HttpField> fields;
  bool close = false;                                // says that no other request will follow
  proto::http::Body body = proto::http::Body::none;  // none, length or chunked
  std::uint64_t content_bytes = 0;
  bool expects_continue = false;  // waits with the content until the server wants it
};

// How far a request came: a server that never answered is not the one that answered and was cut.
enum class HttpReached : std::uint8_t { nothing, connected, answered };

class HttpClient {
 public:
  static constexpr std::size_t kept_max = 64;  // idle connections
  static constexpr Duration silence_default = std::chrono::seconds(30);

  struct Setup {
    net::TlsOptions tls;                 // of every https:// server; of proxies too
    Duration silence = silence_default;  // the limit of each wait: to connect, for a head, for more
    HttpProxies proxies;
    std::string bind;                  // the address to call from; empty: the kernel chooses
    HttpObserver* observer = nullptr;  // may be null
  };
  HttpClient(net::Loop& loop, Setup setup);

  net::Loop& loop() { return loop_; }
  Duration silence() const { return setup_.silence; }

  // A kept connection to `origin`, or a new one. Code::not_found when there is no such name, Code::identity
  // when TLS fails, Code::network, Code::timeout, and Code::refused when a proxy does not let us through.
  net::Task<Result<std::unique_ptr<HttpConnection>>> connect(HttpOrigin origin);
  // For another request: kept if one may follow. Null is allowed.
  void keep(std::unique_ptr<HttpConnection> connection);

  // Writes `request`, up to its content, as it must be on the way to its origin. Code::usage.
  Result<void> write(HttpConnection& connection, const HttpRequest& request) const;

  // Sends `request`, which has no content, and receives the answer's head. A kept connection that turns out
  // to be closed is replaced by a new one, once (RFC 9112 §9.3.1: the methods of this call may be repeated).
  net::Task<Result<std::unique_ptr<HttpConnection>>> ask(HttpRequest request, HttpReached& reached);

 private:
  net::Task<Result<net::Connection>> call(HttpOrigin origin);
  net::Task<Result<net::Connection>> call_directly(HttpOrigin origin, Time deadline);
  net::Task<Result<net::Connection>> call_through(HttpProxy proxy, HttpOrigin origin, Time deadline);
  net::Task<Result<net::Connection>> secure(net::Connection connection, std::string host, Time deadline);
  net::Task<Result<std::unique_ptr<HttpConnection>>> open(HttpOrigin origin);
  std::unique_ptr<HttpConnection> take_kept(const HttpOrigin& origin);

  net::Loop& loop_;
  Setup setup_;
  std::shared_ptr<const net::TlsContext> tls_;        // shared with its connections; read when first needed
  std::deque<std::unique_ptr<HttpConnection>> kept_;  // the latest last
};

}  // namespace yam::service
