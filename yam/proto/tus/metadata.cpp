#include "yam/proto/tus/metadata.hpp"

#include <algorithm>
#include <utility>

#include "yam/base/base64.hpp"
#include "yam/base/text.hpp"
#include "yam/proto/http/syntax.hpp"

namespace yam::proto::tus {

namespace {

bool is_key(std::string_view key) {
  return !key.empty() && std::ranges::none_of(key, [](char c) {
    return is_control(c) || c == ' ' || c == ',' || static_cast<unsigned char>(c) >= 0x80;
  });
}

std::optional<MetadataPair> parse_pair(std::string_view text) {
  const std::size_t blank = text.find(' ');
  MetadataPair pair{std::string(text.substr(0, blank)), {}};
  if (!is_key(pair.key)) return std::nullopt;
  if (blank == text.npos) return pair;
  const auto value = parse_base64(text.substr(blank + 1));
  if (!value) return std::nullopt;
  pair.value = text_of(*value);
  return pair;
}

}  // namespace

std::optional<Metadata> parse_metadata(std::string_view text) {
  Metadata metadata;
  if (text.empty()) return metadata;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    auto pair = parse_pair(http::trimmed(text.substr(begin, end - begin)));
    if (!pair || find(metadata, pair->key) || metadata.size() == metadata_pairs_max) return std::nullopt;
    metadata.push_back(std::move(*pair));
    begin = end + 1;
  }
  return metadata;
}

std::string write_metadata(const Metadata& metadata) {
  std::string text;
  for (const auto& pair : metadata) {
    if (!text.empty()) text += ',';
    text += pair.key;
    if (!pair.value.empty()) text += " " + base64(bytes_of(pair.value));
  }
  return text;
}

std::optional<std::string_view> find(const Metadata& metadata, std::string_view key) {
  const auto found = std::ranges::find(metadata, key, &MetadataPair::key);
  if (found == metadata.end()) return std::nullopt;
  return found->value;
}

}  // namespace yam::proto::tus
