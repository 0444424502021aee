#pragma once
// The client's half of tus: what its requests carry, and what it learns from the answers. It keeps no upload
// and opens no connection.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "yam/base/result.hpp"
#include "yam/proto/http/fields.hpp"
#include "yam/proto/tus/checksum.hpp"
#include "yam/proto/tus/concatenation.hpp"
#include "yam/proto/tus/metadata.hpp"
#include "yam/proto/tus/tus.hpp"

namespace yam::proto::tus {

// What OPTIONS tells of a server.
struct Offer {
  bool speaks_tus = false;  // the version of tus that is ours
  bool creation = false, creation_with_upload = false, defer_length = false, checksum_sha1 = false,
       checksum_sha256 = false, termination = false, concatenation = false;
  std::optional<std::uint64_t> size_max = {};

  bool operator==(const Offer&) const = default;
};
Offer read_offer(const http::Fields& answer);

// What a request to create has; with content behind it, its type too.
struct NewUpload {
  std::optional<std::uint64_t> length = {};  // absent: deferred; not for a final one
  Metadata metadata = {};
  Concatenation concatenation = {};
  bool with_content = false;
  std::optional<Checksum> checksum = {};  // of that content
};
std::vector<SentField> creation_fields(const NewUpload& upload);

// What a PATCH has. `length` where it was deferred until now.
struct Piece {
  std::uint64_t offset = 0;
  std::optional<std::uint64_t> length = {};
  std::optional<Checksum> checksum = {};
};
std::vector<SentField> piece_fields(const Piece& piece);

// What HEAD and DELETE have.
std::vector<SentField> plain_fields();

// Answers. Code::refused for a status that says no, with the reason where tus gives the status one;
// Code::not_found where the upload is not there (any more): begin anew; Code::protocol for fields that are
// missing or make no sense.
struct Created {
  std::string location;      // as it came: relative, perhaps
  std::uint64_t offset = 0;  // how much of the content was kept
};
Result<Created> read_created(unsigned status, const http::Fields& answer);

struct Position {
  std::uint64_t offset = 0;
  std::optional<std::uint64_t> length = {};
};
Result<Position> read_position(unsigned status, const http::Fields& answer);  // HEAD's

// Where the upload stands after a PATCH of `sent` bytes at `offset`: not before it, nor beyond.
Result<std::uint64_t> read_appended(unsigned status, const http::Fields& answer, std::uint64_t offset,
                                    std::uint64_t sent);

}  // namespace yam::proto::tus
