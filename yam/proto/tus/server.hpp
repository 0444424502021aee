#pragma once
// What a server makes of a tus request, given the state of the upload that it is about: to be done, or
// refused with which status. It keeps no uploads, reads no clock and writes no bytes; the answers' fields
// come from here too.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "yam/proto/http/field/date.hpp"
#include "yam/proto/http/fields.hpp"
#include "yam/proto/tus/checksum.hpp"
#include "yam/proto/tus/concatenation.hpp"
#include "yam/proto/tus/metadata.hpp"
#include "yam/proto/tus/tus.hpp"

namespace yam::proto::tus {

struct ServerLimits {
  std::optional<std::uint64_t> size_max = {};  // bytes of one upload: Tus-Max-Size
};

// An upload that is there.
struct Upload {
  std::uint64_t offset = 0;                  // bytes that are kept
  std::optional<std::uint64_t> length = {};  // absent while it is deferred
  std::string metadata = {};                 // as it came
  Concatenation concatenation = {};
  std::optional<http::Date> expires = {};

  bool complete() const { return length == offset; }
};

// How an upload stands: known, never heard of, or known to be over.
enum class Standing : std::uint8_t { present, unknown, gone };

// POST, to create.
struct Creation {
  std::optional<std::uint64_t> length = {};  // absent: deferred, or to be the sum of the parts
  Metadata metadata = {};
  std::string metadata_text = {};
  Concatenation concatenation = {};
  bool has_content = false;  // bytes follow at once (Creation With Upload)
  std::optional<Checksum> checksum = {};
  std::uint64_t content_max = 0;  // how many bytes may follow

  bool operator==(const Creation&) const = default;
};

// PATCH.
struct Append {
  std::optional<std::uint64_t> length = {};  // when this request is the one that says it
  std::optional<Checksum> checksum = {};     // of all its bytes: keep them only if it fits, else 460
  std::uint64_t content_max = 0;             // beyond: 413

  bool operator==(const Append&) const = default;
};

// The method that counts: X-HTTP-Method-Override's where a POST has one.
std::string_view method_of(std::string_view method, const http::Fields& request);

// 412 when Tus-Resumable is missing, or of another version. For every request but OPTIONS, and before all
// else (Core, Tus-Resumable).
Checked<void> check_version(const http::Fields& request);

// `content_bytes` of the request's body: 0 where it has none, absent where it is not known before its end.
// 400 for what is malformed or contradicts itself, 413 beyond the limit, 415 for content of another type.
Checked<Creation> decide_creation(const http::Fields& request, std::optional<std::uint64_t> content_bytes,
                                  const ServerLimits& limits);

// Which parts a final upload is made of is the caller's to look up: 404 for one that is not there, 400 for
// one that is no part, 409 for one that is not complete, 413 when together they are too large. Else the
// length of the whole.
Checked<std::uint64_t> decide_final(const std::vector<const Upload*>& parts, const ServerLimits& limits);

// 404 and 410 for what is not there, 403 for a final upload, 415, 400 for what is malformed, 409 when the
// offset is not where the upload stands, 413 for more bytes than it may have.
Checked<Append> decide_append(const http::Fields& request, std::optional<std::uint64_t> content_bytes,
                              Standing standing, const Upload& upload, const ServerLimits& limits);

// HEAD and DELETE: 404 or 410.
Checked<void> decide_presence(Standing standing);

// What answers carry. `offer` is for OPTIONS and 412; `state` for HEAD, where it is all; `progress` for the
// 201 and 204 that took bytes, or none.
std::vector<SentField> offer_fields(const ServerLimits& limits);
std::vector<SentField> state_fields(const Upload& upload);
std::vector<SentField> progress_fields(const Upload& upload);

}  // namespace yam::proto::tus
