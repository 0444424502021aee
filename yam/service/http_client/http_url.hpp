#pragma once
// What http:// and https:// URLs mean to a client: whom to ask, and for what (RFC 9110 §4.2, RFC 3986). Dot
// segments are gone, default ports are filled in; user names are refused, in URLs that servers give too.

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "yam/base/result.hpp"

namespace yam::service {

// Whom to ask. Two URLs with the same one share connections, and secrets (RFC 6454).
struct HttpOrigin {
  bool tls = false;
  std::string host;  // in lower case, without brackets
  std::uint16_t port = 80;

  // As Host and CONNECT carry it: "a", "a:8080", "[::1]"; a zone stays here (RFC 6874 §4).
  std::string authority(bool with_default_port = false) const;
  std::string to_string() const;  // "https://a:8443"

  auto operator<=>(const HttpOrigin&) const = default;
};

struct HttpUrl {
  HttpOrigin origin;
  std::string path = "/";  // on the wire, as the next two; begins with '/'
  std::string query;       // with its '?', or empty
  std::string fragment;    // without '#'; never sent

  // Code::usage: another scheme, port 0, whatever Url refuses. An empty host is this machine.
  static Result<HttpUrl> parse(std::string_view text);
  static bool is_http(std::string_view text);  // by its scheme alone

  // Where `reference` leads from here (RFC 3986 §5.2). The same codes.
  Result<HttpUrl> resolve(std::string_view reference) const;

  bool is_folder() const { return path.ends_with('/'); }
  std::string target() const { return path + query; }
  std::string to_string() const { return origin.to_string() + path + query; }  // for people

  // What the last part of the path is called here: "index.html" for a folder. Code::usage when it cannot be a
  // file's name.
  Result<std::string> local_name() const;

  bool operator==(const HttpUrl&) const = default;
};

// A name that somebody else chose, made one that stays in its folder: '_' for slashes and control characters.
// Code::usage when nothing is left of it, or too much.
Result<std::string> clean_name(std::string_view name);

}  // namespace yam::service
