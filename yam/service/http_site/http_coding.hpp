#pragma once
// Which content coding an answer goes out in (RFC 9110 §12.5.3), where one is worth it: the same for files,
// listings and whatever else is text.

#include <cstdint>
#include <string_view>

#include "yam/proto/http/fields.hpp"

namespace yam::service {

inline constexpr std::uint64_t coded_bytes_min = 1024;
// More goes out as it is, without a copy: its codings would keep a loop busy for too long.
inline constexpr std::uint64_t coded_bytes_max = 16 * 1024 * 1024;

// Whether other requests for this content might get it in a coding, and so the answer varies by
// Accept-Encoding.
bool has_codings(std::string_view media_type, std::uint64_t bytes);

// One of ContentEncoder::offered, or "": none was asked for, or a part is wanted, and parts are of the
// content as it is. Fixed text.
std::string_view choose_coding(const proto::http::Fields& request, std::string_view media_type,
                               std::uint64_t bytes);

}  // namespace yam::service
