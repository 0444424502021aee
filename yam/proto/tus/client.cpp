#include "yam/proto/tus/client.hpp"

#include <utility>

#include "yam/proto/http/syntax.hpp"

namespace yam::proto::tus {

namespace {

std::optional<std::uint64_t> number_of(const http::Fields& answer, std::string_view name) {
  const auto text = answer.only(name);
  return text ? http::parse_digits(*text) : std::nullopt;
}

std::unexpected<Error> fail_status(unsigned status) {
  const std::string what = "the server refused the upload: ";
  switch (status) {
    case 404:
    case 410:
      return fail(Code::not_found, "the server has no such upload (any more)");
    case 409:
      return fail(Code::refused, what + "it stands at another offset");
    case 412:
      return fail(Code::refused, what + "it speaks another version of tus");
    case 413:
      return fail(Code::refused, what + "it is too large");
    case 423:
      return fail(Code::refused, what + "another connection is sending it");
    case checksum_mismatch:
      return fail(Code::verification, "what arrived at the server is not what was sent");
    default:
      return fail(Code::refused, what + "status " + std::to_string(status));
  }
}

std::vector<SentField> plain() {
  return {{field::resumable, std::string(version)}};
}

}  // namespace

Offer read_offer(const http::Fields& answer) {
  Offer offer;
  // A server that speaks but one version may leave the list out (Core, Tus-Version).
  offer.speaks_tus = answer.lists(field::versions, version) || answer.only(field::resumable) == version;
  offer.creation = answer.lists(field::extension, "creation");
  offer.creation_with_upload = answer.lists(field::extension, "creation-with-upload");
  offer.defer_length = answer.lists(field::extension, "creation-defer-length");
  const bool checksum = answer.lists(field::extension, "checksum");
  offer.checksum_sha1 = checksum && answer.lists(field::checksum_algorithm, "sha1");
  offer.checksum_sha256 = checksum && answer.lists(field::checksum_algorithm, "sha256");
  offer.termination = answer.lists(field::extension, "termination");
  offer.concatenation = answer.lists(field::extension, "concatenation");
  offer.size_max = number_of(answer, field::max_size);
  return offer;
}

std::vector<SentField> creation_fields(const NewUpload& upload) {
  auto fields = plain();
  if (upload.length) fields.push_back({field::length, std::to_string(*upload.length)});
  if (!upload.length && upload.concatenation.role != Role::final)
    fields.push_back({field::defer_length, "1"});
  if (!upload.metadata.empty()) fields.push_back({field::metadata, write_metadata(upload.metadata)});
  if (auto concatenation = write_concatenation(upload.concatenation); !concatenation.empty())
    fields.push_back({field::concat, std::move(concatenation)});
  if (upload.with_content) fields.push_back({"Content-Type", std::string(content_type)});
  if (upload.checksum) fields.push_back({field::checksum, write_checksum(*upload.checksum)});
  return fields;
}

std::vector<SentField> piece_fields(const Piece& piece) {
  auto fields = plain();
  fields.push_back({field::offset, std::to_string(piece.offset)});
  fields.push_back({"Content-Type", std::string(content_type)});
  if (piece.length) fields.push_back({field::length, std::to_string(*piece.length)});
  if (piece.checksum) fields.push_back({field::checksum, write_checksum(*piece.checksum)});
  return fields;
}

std::vector<SentField> plain_fields() {
  return plain();
}

Result<Created> read_created(unsigned status, const http::Fields& answer) {
  if (status != 201) return fail_status(status);
  const auto location = answer.only("Location");
  if (!location || location->empty())
    return fail(Code::protocol, "the server made an upload and does not say where");
  return Created{std::string(*location), number_of(answer, field::offset).value_or(0)};
}

Result<Position> read_position(unsigned status, const http::Fields& answer) {
  if (status != 200 && status != 204) return fail_status(status);
  const auto offset = number_of(answer, field::offset);
  if (!offset) return fail(Code::protocol, "the server does not say where the upload stands");
  const auto length = number_of(answer, field::length);
  if (length && *offset > *length)
    return fail(Code::protocol, "the server has more of the upload than there is");
  return Position{*offset, length};
}

Result<std::uint64_t> read_appended(unsigned status, const http::Fields& answer, std::uint64_t offset,
                                    std::uint64_t sent) {
  if (status != 204 && status != 200) return fail_status(status);
  const auto now = number_of(answer, field::offset);
  if (!now) return fail(Code::protocol, "the server does not say where the upload stands");
  if (*now < offset || *now - offset > sent)
    return fail(Code::protocol, "the server counts other bytes than were sent");
  return *now;
}

}  // namespace yam::proto::tus
