#include "yam/service/http_site/http_coding.hpp"

#include "yam/proto/http/field/accept_encoding.hpp"
#include "yam/service/http_server/content_encoder.hpp"
#include "yam/service/http_site/http_types.hpp"

namespace yam::service {

bool has_codings(std::string_view media_type, std::uint64_t bytes) {
  return bytes >= coded_bytes_min && bytes <= coded_bytes_max && is_compressible(media_type);
}

std::string_view choose_coding(const proto::http::Fields& request, std::string_view media_type,
                               std::uint64_t bytes) {
  if (!has_codings(media_type, bytes) || request.count("Range") > 0) return {};
  const std::string_view chosen = proto::http::choose_coding(request, ContentEncoder::offered);
  return chosen == "identity" ? std::string_view() : chosen;
}

}  // namespace yam::service
