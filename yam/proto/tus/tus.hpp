#pragma once
// The words of tus 1.0.0, uploads over HTTP that go on where they were cut (https://tus.io/protocols): names
// of its fields, and why a request is refused. Both ends use them.

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace yam::proto::tus {

inline constexpr std::string_view version = "1.0.0";
inline constexpr std::string_view content_type = "application/offset+octet-stream";
// What we grant, in the words of Tus-Extension.
inline constexpr std::string_view extensions =
    "creation,creation-with-upload,creation-defer-length,checksum,termination,expiration,concatenation";

namespace field {
inline constexpr std::string_view resumable = "Tus-Resumable", versions = "Tus-Version",
                                  extension = "Tus-Extension", max_size = "Tus-Max-Size",
                                  checksum_algorithm = "Tus-Checksum-Algorithm", offset = "Upload-Offset",
                                  length = "Upload-Length", defer_length = "Upload-Defer-Length",
                                  metadata = "Upload-Metadata", checksum = "Upload-Checksum",
                                  concat = "Upload-Concat", expires = "Upload-Expires",
                                  method_override = "X-HTTP-Method-Override";
}  // namespace field

// A field to be sent.
struct SentField {
  std::string_view name;
  std::string value;

  bool operator==(const SentField&) const = default;
};

// Why a server does not do what it was asked to; unlike HTTP's own refusals it leaves the connection open.
struct Refusal {
  std::uint16_t status = 400;
  std::string_view words;  // fixed text that lives forever

  bool operator==(const Refusal&) const = default;
};

inline constexpr std::uint16_t checksum_mismatch = 460;  // tus 1.0.0, Checksum

template <class T>
using Checked = std::expected<T, Refusal>;

inline std::unexpected<Refusal> refuse(std::uint16_t status, std::string_view words) {
  return std::unexpected(Refusal{status, words});
}

}  // namespace yam::proto::tus
