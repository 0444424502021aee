#include "yam/proto/tus/checksum.hpp"

#include <utility>

#include "yam/base/base64.hpp"

namespace yam::proto::tus {

namespace {

struct ChecksumRow {
  ChecksumKind kind;
  std::string_view name;
  std::size_t bytes;
};
constexpr ChecksumRow checksum_rows[] = {
    {ChecksumKind::sha1, "sha1", 20},
    {ChecksumKind::sha256, "sha256", 32},
    {ChecksumKind::md5, "md5", 16},
};

}  // namespace

std::optional<Checksum> parse_checksum(std::string_view text) {
  const std::size_t blank = text.find(' ');
  if (blank == text.npos) return std::nullopt;
  for (const auto& row : checksum_rows) {
    if (text.substr(0, blank) != row.name) continue;
    auto digest = parse_base64(text.substr(blank + 1));
    if (!digest || digest->size() != row.bytes) return std::nullopt;
    return Checksum{row.kind, std::move(*digest)};
  }
  return std::nullopt;
}

std::string write_checksum(const Checksum& checksum) {
  std::string text;
  for (const auto& row : checksum_rows)
    if (row.kind == checksum.kind) text = row.name;
  return text + " " + base64(checksum.digest);
}

}  // namespace yam::proto::tus
