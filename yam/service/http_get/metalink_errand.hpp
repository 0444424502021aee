#pragma once
// What a Metalink asks for, made something that can be done here: each file with a name that stays in its
// folder, the mirrors that we can speak to, and what proves its content.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "yam/proto/metalink/metalink_parser.hpp"
#include "yam/service/http_client/http_connection.hpp"

namespace yam::service {

struct MetalinkErrand {
  HttpUrl document;               // where it is described
  std::vector<std::string> path;  // beneath the folder that is meant; cleaned
  std::optional<std::uint64_t> size_bytes;
  std::optional<proto::metalink::Hash> hash;
  std::optional<proto::metalink::Pieces> pieces;
  std::vector<HttpUrl> mirrors;  // best first; never none

  bool operator==(const MetalinkErrand&) const = default;
};

inline constexpr std::string_view metalink_suffix = ".meta4";

// Whether an answer, or what lies at a URL, is such a document: by its media type, or by its name's end.
bool is_metalink(const HttpHead& head);
bool is_metalink(const HttpUrl& url);

// `document`: where the text came from; URLs in it may be relative to it. A mirror without TLS for a document
// that came by TLS is left out unless a SHA-256 or better proves what it gives. Code::protocol for what is no
// Metalink, Code::usage for a name that cannot be a file's, Code::refused for a file without a mirror for us.
Result<std::vector<MetalinkErrand>> plan_metalink(const HttpUrl& document, std::string_view text);

}  // namespace yam::service
