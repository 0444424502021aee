#pragma once
// One request of an upload, with the content that it carries, to the head of its answer. An answer that comes
// before all is sent is heard at once, and nothing more is sent then. It tries nothing twice but what 417 and
// a redirect that keeps the method (307, 308) ask for; any other redirect would turn an upload into something
// else, and is an answer like others where there is no content.

#include <functional>

#include "yam/service/http_client/http_fetch.hpp"
#include "yam/service/http_put/put_rules.hpp"
#include "yam/service/http_put/put_source.hpp"

namespace yam::service {

// Content smaller than this is sent without asking whether it is wanted, unless somebody has to say who he
// is.
inline constexpr std::uint64_t asked_bytes_min = 1024 * 1024;
// What is held back of a file until it was seen that it is still the same.
inline constexpr std::uint64_t last_piece_bytes = 64 * 1024;

struct PutRequest {
  HttpRequest request;          // its framing is set here
  PutSource* source = nullptr;  // null: without content
  std::uint64_t offset = 0;     // of a file, from where on
};

class PutAsking {
 public:
  // `home`: whose secrets may be shown. The references outlive it.
  PutAsking(HttpClient& client, HttpWish& wish, const PutRules& rules, HttpOrigin home, PutReport& report)
      : client_(client), wish_(wish), rules_(rules), home_(std::move(home)), report_(report) {}

  // Told once all content of a request is on its way; may be empty.
  std::function<void()> on_sent;

  // Code::refused for redirects that are not followed; Code::local when the file is not what it was, and the
  // server has not got all of it then; else as HttpClient::connect and HttpConnection.
  net::Task<Result<std::unique_ptr<HttpConnection>>> ask(PutRequest put);

  const HttpUrl& url() const { return url_; }    // where the last one ended
  bool was_there() const { return was_there_; }  // somebody has taken a call
  // Of the last request's content, how much was handed to the system; and whether that is all of it.
  std::uint64_t sent_bytes() const { return report_.bytes - sent_before_; }
  bool has_sent_all() const { return has_sent_all_; }

 private:
  net::Task<Result<std::unique_ptr<HttpConnection>>> ask_once(PutRequest& put);
  net::Task<Result<void>> send_content(HttpConnection& connection, PutRequest& put);
  net::Task<Result<void>> send_file(HttpConnection& connection, PutRequest& put);
  net::Task<Result<void>> send_stream(HttpConnection& connection, PutSource& source);
  net::Task<> keep_pace(std::uint64_t bytes);

  HttpClient& client_;
  HttpWish& wish_;
  const PutRules& rules_;
  HttpOrigin home_;
  PutReport& report_;
  HttpUrl url_;
  bool was_there_ = false;
  bool asks_first_ = true;  // this server has not said 417
  std::uint64_t sent_before_ = 0;
  bool has_sent_all_ = false;
};

}  // namespace yam::service
