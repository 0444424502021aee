#include "yam/service/http_write/http_access.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "yam/base/base64.hpp"
#include "yam/base/text.hpp"
#include "yam/proto/http/field/list.hpp"
#include "yam/proto/http/syntax.hpp"
#include "yam/proto/http/target.hpp"
#include "yam/service/secret.hpp"
#include "yam/store/state.hpp"

namespace yam::service {

namespace {

constexpr std::string_view cookie_name = "yam=";

// The end of a line is not the token's.
std::string without_line_end(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r'))
    text.pop_back();
  return text;
}

// The password of Basic (RFC 7617): base64 of "name:password".
std::optional<std::string> password_of(std::string_view text) {
  const auto pair = parse_base64(text);
  if (!pair) return std::nullopt;
  const std::string_view shown = text_of(*pair);
  const std::size_t colon = shown.find(':');
  if (colon == shown.npos) return std::nullopt;
  return std::string(shown.substr(colon + 1));
}

// Whoever is behind a proxy on this machine may be anywhere.
bool came_by_proxy(const proto::http::RequestHead& request) {
  const auto& fields = request.fields;
  return fields.count("Via") + fields.count("Forwarded") + fields.count("X-Forwarded-For") > 0;
}

// What a request shows in Authorization.
std::optional<std::string> shown_token(std::string_view value) {
  const std::size_t blank = std::min(value.find(' '), value.size());
  const std::string_view scheme = value.substr(0, blank);
  const std::string_view rest = value.substr(std::min(blank + 1, value.size()));
  if (proto::http::same_word(scheme, "Bearer")) return std::string(rest);
  if (proto::http::same_word(scheme, "Basic")) return password_of(rest);
  return std::nullopt;
}

std::optional<std::string_view> shown_cookie(std::string_view value) {
  proto::http::ListReader cookies(value, ';');
  while (const auto each = cookies.next())
    if (each->starts_with(cookie_name)) return each->substr(cookie_name.size());
  return std::nullopt;
}

// A page's origin ("http://host:port") against the host that was asked.
bool is_same_origin(std::string_view origin, const proto::http::Host& host) {
  const std::size_t slashes = origin.find("://");
  if (slashes == origin.npos) return false;  // "null"
  const auto from = proto::http::parse_host(origin.substr(slashes + 3));
  return from && proto::http::same_word(from->name, host.name) && from->port == host.port;
}

// A name that no other name server can give away.
bool is_own_name(std::string_view name) {
  if (name.starts_with('[') && name.ends_with(']')) name = name.substr(1, name.size() - 2);
  return proto::http::same_word(name, "localhost") || IpAddress::parse(name).has_value();
}

Result<std::string> read_token_file(const std::string& path) {
  const auto bytes = store::read_private_file(path);
  if (!bytes) return fail(bytes.error());
  if (!*bytes) return fail(Code::local, "there is no token in " + escaped(path));
  return without_line_end(string_of(**bytes));
}

}  // namespace

HttpAccess::HttpAccess(std::string token, bool asks_everybody)
    : token_(std::move(token)), asks_everybody_(asks_everybody) {
  constexpr std::string_view purpose = "yam cookie";
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned bytes = 0;
  ::HMAC(::EVP_sha256(), token_.data(), static_cast<int>(token_.size()),
         reinterpret_cast<const unsigned char*>(purpose.data()), purpose.size(), digest.data(), &bytes);
  cookie_ = joined_hex(std::as_bytes(std::span(digest).first(bytes)));
}

Result<std::shared_ptr<const HttpAccess>> HttpAccess::open(const HttpSettings& settings) {
  Result<std::string> token;
  const char* given = std::getenv("YAM_TOKEN");
  const bool is_given = !settings.token_file.empty() || given != nullptr;
  if (!settings.token_file.empty()) {
    token = read_token_file(settings.token_file);
  } else if (given != nullptr) {
    token = std::string(given);
  } else {
    token = own_token();
  }
  if (!token) return fail(token.error());
  if (token->size() < token_letters_min || token->size() > token_letters_max)
    return fail(Code::usage, "a token has " + std::to_string(token_letters_min) + " to " +
                                 std::to_string(token_letters_max) + " letters");
  return std::shared_ptr<const HttpAccess>(new HttpAccess(std::move(*token), is_given));
}

MayWrite HttpAccess::judge(const proto::http::RequestHead& request, const IpAddress& peer) const {
  if (const auto origin = request.fields.find("Origin"); origin && !is_same_origin(*origin, request.host))
    return MayWrite::from_elsewhere;
  if (const auto value = request.fields.find("Authorization")) {
    const auto shown = shown_token(*value);
    return shown && is_token(*shown) ? MayWrite::yes : MayWrite::wrong_token;
  }
  if (const auto value = request.fields.find("Cookie")) {
    const auto shown = shown_cookie(*value);
    if (shown && same_secret(*shown, cookie_)) return MayWrite::yes;
  }
  if (asks_everybody_ || !peer.is_loopback() || came_by_proxy(request)) return MayWrite::without_token;
  return is_own_name(request.host.name) ? MayWrite::yes : MayWrite::from_elsewhere;
}

bool HttpAccess::is_token(std::string_view text) const {
  return same_secret(text, token_);
}

Result<std::string> own_token() {
  const auto folder = store::state_folder();
  if (!folder) return fail(folder.error());
  const std::string path = *folder + "/" + std::string(own_token_name);
  const auto kept = store::read_private_file(path);
  if (!kept) return fail(kept.error());
  if (*kept) return without_line_end(string_of(**kept));

  auto fresh = fresh_secret();
  if (!fresh) return fresh;
  const auto written = store::write_private_file(path, bytes_of(*fresh + "\n"), store::IfExists::refuse);
  if (written) return fresh;
  if (written.error().code == Code::refused) return read_token_file(path);  // another yam was first
  return fail(written.error());
}

}  // namespace yam::service
