#pragma once
// Digests of content and of representations (RFC 9530): Repr-Digest, Content-Digest and what asks for them.
// It computes none.

#include <optional>
#include <string>
#include <string_view>

#include "yam/base/bytes.hpp"
#include "yam/proto/http/fields.hpp"

namespace yam::proto::http {

inline constexpr std::string_view sha256_name = "sha-256";  // RFC 9530 §5 has the others

// "sha-256=:…:".
std::string write_digest(std::string_view algorithm, ByteView digest);

// The digest that `field`, over all its lines, has for an algorithm; the last where there are several (RFC
// 9651 §3.2). Absent when there is none, or that member is malformed.
std::optional<Bytes> find_digest(const Fields& fields, std::string_view field, std::string_view algorithm);

// What Want-Repr-Digest or Want-Content-Digest gives an algorithm, 0 (not acceptable) to 10 (best). Absent
// likewise.
std::optional<unsigned> find_digest_preference(const Fields& fields, std::string_view field,
                                               std::string_view algorithm);

}  // namespace yam::proto::http
