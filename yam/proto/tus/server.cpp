#include "yam/proto/tus/server.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "yam/proto/http/syntax.hpp"

namespace yam::proto::tus {

namespace {

constexpr std::uint64_t no_limit = std::numeric_limits<std::int64_t>::max();  // of a file's size

// A number that may be missing, but neither malformed nor there twice.
Checked<std::optional<std::uint64_t>> find_number(const http::Fields& request, std::string_view name,
                                                  std::string_view words) {
  if (request.count(name) == 0) return std::nullopt;
  const auto text = request.only(name);
  const auto number = text ? http::parse_digits(*text) : std::nullopt;
  if (!number || *number > no_limit) return refuse(400, words);
  return number;
}

Checked<std::optional<Checksum>> find_checksum(const http::Fields& request) {
  if (request.count(field::checksum) == 0) return std::nullopt;
  const auto text = request.only(field::checksum);
  auto checksum = text ? parse_checksum(*text) : std::nullopt;
  if (!checksum) return refuse(400, "Upload-Checksum is malformed, or of an algorithm that is not known");
  return checksum;
}

Checked<void> check_content_type(const http::Fields& request) {
  const auto type = request.only("Content-Type");
  if (type && http::same_word(*type, content_type)) return {};
  return refuse(415, "the Content-Type is not application/offset+octet-stream");
}

// Upload-Length, or that it comes later; for a final upload neither.
Checked<void> read_length(const http::Fields& request, const ServerLimits& limits, Creation& creation) {
  const auto length = find_number(request, field::length, "Upload-Length is malformed");
  if (!length) return std::unexpected(length.error());
  const bool deferred = request.count(field::defer_length) > 0;
  if (deferred && request.only(field::defer_length) != "1")
    return refuse(400, "Upload-Defer-Length is not 1");
  if (creation.concatenation.role == Role::final) {
    if (*length || deferred) return refuse(400, "a final upload has no length of its own");
    return {};
  }
  if (deferred && *length) return refuse(400, "Upload-Length and Upload-Defer-Length");
  if (!deferred && !*length) return refuse(400, "neither Upload-Length nor Upload-Defer-Length");
  if (*length && **length > limits.size_max.value_or(no_limit)) return refuse(413, "the upload is too large");
  creation.length = *length;
  return {};
}

Checked<void> read_content(const http::Fields& request, std::optional<std::uint64_t> content_bytes,
                           const ServerLimits& limits, Creation& creation) {
  const bool typed = request.count("Content-Type") > 0 && check_content_type(request);
  creation.has_content = content_bytes != 0 || typed;
  if (!creation.has_content) return {};
  if (creation.concatenation.role == Role::final)
    return refuse(400, "a final upload has no content of its own");
  if (const auto fits = check_content_type(request); !fits) return fits;
  auto checksum = find_checksum(request);
  if (!checksum) return std::unexpected(checksum.error());
  creation.checksum = std::move(*checksum);
  creation.content_max = creation.length.value_or(limits.size_max.value_or(no_limit));
  if (content_bytes.value_or(0) > creation.content_max)
    return refuse(413, "the content is longer than the upload");
  return {};
}

void add_length(const Upload& upload, std::vector<SentField>& fields) {
  if (upload.length) {
    fields.push_back({field::length, std::to_string(*upload.length)});
  } else {
    fields.push_back({field::defer_length, "1"});
  }
}

}  // namespace

std::string_view method_of(std::string_view method, const http::Fields& request) {
  if (method != "POST") return method;
  return request.only(field::method_override).value_or(method);
}

Checked<void> check_version(const http::Fields& request) {
  if (request.only(field::resumable) == version) return {};
  return refuse(412, "Tus-Resumable is not 1.0.0");
}

Checked<Creation> decide_creation(const http::Fields& request, std::optional<std::uint64_t> content_bytes,
                                  const ServerLimits& limits) {
  Creation creation;
  if (request.count(field::concat) > 0) {
    const auto text = request.only(field::concat);
    auto concatenation = text ? parse_concatenation(*text) : std::nullopt;
    if (!concatenation) return refuse(400, "Upload-Concat is malformed");
    creation.concatenation = std::move(*concatenation);
  }
  if (request.count(field::metadata) > 0) {
    const auto text = request.only(field::metadata);
    auto metadata = text ? parse_metadata(*text) : std::nullopt;
    if (!metadata) return refuse(400, "Upload-Metadata is malformed");
    creation.metadata = std::move(*metadata);
    creation.metadata_text = *text;
  }
  if (const auto length = read_length(request, limits, creation); !length)
    return std::unexpected(length.error());
  if (const auto content = read_content(request, content_bytes, limits, creation); !content)
    return std::unexpected(content.error());
  return creation;
}

Checked<std::uint64_t> decide_final(const std::vector<const Upload*>& parts, const ServerLimits& limits) {
  std::uint64_t length = 0;
  for (const Upload* part : parts) {
    if (part == nullptr) return refuse(404, "a part is not there");
    if (part->concatenation.role != Role::partial) return refuse(400, "what is to be a part is none");
    if (!part->complete()) return refuse(409, "a part is not complete");
    if (part->offset > limits.size_max.value_or(no_limit) - length)
      return refuse(413, "the upload is too large");
    length += part->offset;
  }
  return length;
}

Checked<Append> decide_append(const http::Fields& request, std::optional<std::uint64_t> content_bytes,
                              Standing standing, const Upload& upload, const ServerLimits& limits) {
  if (const auto there = decide_presence(standing); !there) return std::unexpected(there.error());
  if (upload.concatenation.role == Role::final) return refuse(403, "a final upload takes no bytes");
  if (const auto fits = check_content_type(request); !fits) return std::unexpected(fits.error());

  const auto offset = find_number(request, field::offset, "Upload-Offset is malformed");
  if (!offset) return std::unexpected(offset.error());
  if (!*offset) return refuse(400, "there is no Upload-Offset");
  const auto length = find_number(request, field::length, "Upload-Length is malformed");
  if (!length) return std::unexpected(length.error());
  auto checksum = find_checksum(request);
  if (!checksum) return std::unexpected(checksum.error());

  if (*offset != upload.offset) return refuse(409, "Upload-Offset is not where the upload stands");
  Append append;
  append.checksum = std::move(*checksum);
  std::uint64_t size = upload.length.value_or(limits.size_max.value_or(no_limit));
  if (*length && upload.length && *length != upload.length) return refuse(400, "the length has changed");
  if (*length && !upload.length) {
    if (**length > size) return refuse(413, "the upload is too large");
    if (**length < upload.offset) return refuse(400, "Upload-Length is less than what is there");
    size = **length;
    append.length = *length;
  }
  append.content_max = size - std::min(size, upload.offset);
  if (content_bytes.value_or(0) > append.content_max)
    return refuse(413, "the content is longer than the upload");
  return append;
}

Checked<void> decide_presence(Standing standing) {
  if (standing == Standing::unknown) return refuse(404, "there is no such upload");
  if (standing == Standing::gone) return refuse(410, "the upload is gone");
  return {};
}

std::vector<SentField> offer_fields(const ServerLimits& limits) {
  std::vector<SentField> fields{{field::resumable, std::string(version)},
                                {field::versions, std::string(version)},
                                {field::extension, std::string(extensions)},
                                {field::checksum_algorithm, std::string(checksum_names)}};
  if (limits.size_max) fields.push_back({field::max_size, std::to_string(*limits.size_max)});
  return fields;
}

std::vector<SentField> state_fields(const Upload& upload) {
  std::vector<SentField> fields = progress_fields(upload);
  add_length(upload, fields);
  if (!upload.metadata.empty()) fields.push_back({field::metadata, upload.metadata});
  if (auto concatenation = write_concatenation(upload.concatenation); !concatenation.empty())
    fields.push_back({field::concat, std::move(concatenation)});
  fields.push_back({"Cache-Control", "no-store"});
  return fields;
}

std::vector<SentField> progress_fields(const Upload& upload) {
  std::vector<SentField> fields{{field::resumable, std::string(version)},
                                {field::offset, std::to_string(upload.offset)}};
  if (upload.expires && !upload.complete())
    fields.push_back({field::expires, http::write_date(*upload.expires)});
  return fields;
}

}  // namespace yam::proto::tus
