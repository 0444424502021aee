// Any fields of a tus request: what is granted lies within the limits and the upload's length, refusals have
// a client's status, and what we write of what was read is read back as the same. And any answer to a client.
//
// Each line is a field: its first letter says which one. The first byte says how the upload stands.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <optional>
#include <span>
#include <string_view>

#include "yam/base/bytes.hpp"
#include "yam/proto/tus/client.hpp"
#include "yam/proto/tus/server.hpp"

namespace {

using namespace yam;
using namespace yam::proto::tus;

constexpr std::uint64_t limit_bytes = 1'000'000;

void require(bool holds) {
  if (!holds) std::abort();
}

proto::http::Fields fields_of(std::string_view text) {
  constexpr std::string_view names[] = {
      field::resumable, field::offset,    field::length,  field::defer_length,       field::metadata,
      field::checksum,  field::concat,    "Content-Type", field::method_override,    field::expires,
      field::versions,  field::extension, "Location",     field::checksum_algorithm, field::max_size};
  proto::http::Fields fields;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (line.empty()) continue;
    const auto name = static_cast<unsigned char>(line.front()) % std::size(names);
    if (!fields.add({names[name], line.substr(1)})) break;
  }
  return fields;
}

void check_refusal(const Refusal& refusal) {
  require(refusal.status >= 400 && refusal.status <= 460 && !refusal.words.empty());
}

void check_server(const proto::http::Fields& request, unsigned state) {
  const ServerLimits limits{.size_max = limit_bytes};
  const std::optional<std::uint64_t> content =
      (state & 1U) != 0 ? std::optional<std::uint64_t>(state >> 3U) : std::nullopt;
  const auto creation = decide_creation(request, content, limits);
  if (creation) {
    require(creation->length.value_or(0) <= limit_bytes && creation->content_max <= limit_bytes);
    require(!creation->has_content || content.value_or(0) <= creation->content_max);
    require(parse_metadata(write_metadata(creation->metadata)) == creation->metadata);
    const auto concatenation = write_concatenation(creation->concatenation);
    if (!concatenation.empty()) require(parse_concatenation(concatenation) == creation->concatenation);
    if (creation->checksum)
      require(parse_checksum(write_checksum(*creation->checksum)) == creation->checksum);
  } else {
    check_refusal(creation.error());
  }

  Upload upload{.offset = state >> 4U};
  if ((state & 2U) != 0) upload.length = upload.offset + 10;
  const auto standing = (state & 12U) == 12 ? Standing::gone : Standing::present;
  const auto append = decide_append(request, content, standing, upload, limits);
  if (append) {
    require(standing == Standing::present && !(append->length && upload.length));
    const std::uint64_t size = append->length.value_or(upload.length.value_or(limit_bytes));
    require(size <= limit_bytes && upload.offset + append->content_max == size);
    require(content.value_or(0) <= append->content_max);
  } else {
    check_refusal(append.error());
  }
}

void check_client(const proto::http::Fields& answer, unsigned status) {
  static_cast<void>(read_offer(answer));
  if (const auto created = read_created(201, answer)) require(!created->location.empty());
  if (const auto position = read_position(200, answer))
    require(position->offset <= position->length.value_or(UINT64_MAX));
  if (const auto now = read_appended(204, answer, 10, 5)) require(*now >= 10 && *now <= 15);
  require(!read_created(500 + status % 100, answer));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto fields = fields_of(text_of(std::as_bytes(std::span(data, size)).subspan(1)));
  check_server(fields, data[0]);
  check_client(fields, data[0]);
  return 0;
}
