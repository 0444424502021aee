#include "yam/proto/metalink/metalink_parser.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <pugixml.hpp>
#include <set>
#include <utility>

#include "yam/base/text.hpp"

namespace yam::proto::metalink {

namespace {

constexpr std::string_view metalink_namespace = "urn:ietf:params:xml:ns:metalink";
constexpr std::uint64_t priority_lowest = 999'999;  // RFC 5854 §4.2.16.2

struct KnownHash {
  HashKind kind;
  std::string_view name;
  std::size_t bytes;
};
constexpr std::array<KnownHash, 4> known_hashes = {{{HashKind::md5, "md5", 16},
                                                    {HashKind::sha1, "sha-1", 20},
                                                    {HashKind::sha256, "sha-256", 32},
                                                    {HashKind::sha512, "sha-512", 64}}};

std::unexpected<Error> not_metalink(const std::string& words) {
  return fail(Code::protocol, "no Metalink: " + words);
}

// "m:file" → "file".
std::string_view local_name(const pugi::xml_node& node) {
  const std::string_view name = node.name();
  return name.substr(name.find(':') + 1);
}

std::string_view text_in(const pugi::xml_node& node) {
  constexpr std::string_view blanks = " \t\r\n";
  std::string_view text = node.child_value();
  text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
  return text.substr(0, text.find_last_not_of(blanks) + 1);
}

std::optional<std::uint64_t> parse_number(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || fault != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<HashKind> parse_kind(std::string_view name) {
  for (const KnownHash& known : known_hashes)
    if (known.name == name) return known.kind;
  return std::nullopt;
}

// Adds the bytes; false when it is not the hash that it should be.
bool add_hash(std::string_view hex, HashKind kind, Bytes& out) {
  if (hex.size() != 2 * length_of(kind)) return false;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    const int high = hex_value(hex[i]), low = hex_value(hex[i + 1]);
    if (high < 0 || low < 0) return false;
    out.push_back(static_cast<std::byte>(high * 16 + low));
  }
  return true;
}

// RFC 5854 §4.1.2.1: relative, and beneath.
std::optional<std::vector<std::string>> parse_path(std::string_view name) {
  std::vector<std::string> path;
  for (;;) {
    const std::size_t end = std::min(name.find('/'), name.size());
    const std::string_view part = name.substr(0, end);
    if (part.empty() || part == "." || part == "..") return std::nullopt;
    path.emplace_back(part);
    if (end == name.size()) return path;
    name.remove_prefix(end + 1);
  }
}

class FileReader {
 public:
  Result<DescribedFile> read(const pugi::xml_node& node) {
    const std::string_view name = node.attribute("name").value();
    const auto path = parse_path(name);
    if (!path) return not_metalink("a file is called " + quoted(name));
    file_.path = *path;
    for (const pugi::xml_node& child : node.children())
      if (auto taken = take(child, local_name(child)); !taken) return fail(taken.error());
    if (auto fits = fit_pieces(); !fits) return fail(fits.error());
    std::ranges::stable_sort(urls_, {}, &std::pair<std::uint64_t, std::string>::first);
    for (auto& [priority, url] : urls_)
      file_.urls.push_back(std::move(url));
    return std::move(file_);
  }

 private:
  Result<void> take(const pugi::xml_node& node, std::string_view name) {
    if (name == "size") {
      const auto size = parse_number(text_in(node));
      if (!size || file_.size_bytes) return bad("size");
      file_.size_bytes = size;
    } else if (name == "hash") {
      const auto kind = parse_kind(node.attribute("type").value());
      if (!kind || (file_.hash && file_.hash->kind >= *kind)) return {};
      Hash hash{*kind, {}};
      if (!add_hash(text_in(node), *kind, hash.value)) return bad("hash");
      file_.hash = std::move(hash);
    } else if (name == "pieces") {
      return take_pieces(node);
    } else if (name == "url") {
      const pugi::xml_attribute told = node.attribute("priority");
      const auto priority = told ? parse_number(told.value()) : priority_lowest;
      if (!priority || *priority == 0 || *priority > priority_lowest) return bad("priority");
      if (urls_.size() == mirrors_max) return bad("number of URLs");
      urls_.emplace_back(*priority, text_in(node));
    }
    return {};
  }

  Result<void> take_pieces(const pugi::xml_node& node) {
    const auto kind = parse_kind(node.attribute("type").value());
    const auto length = parse_number(node.attribute("length").value());
    if (!length || *length == 0) return bad("length of pieces");
    if (!kind || (file_.pieces && file_.pieces->kind >= *kind)) return {};
    Pieces pieces{*kind, *length, {}};
    for (const pugi::xml_node& child : node.children()) {
      if (local_name(child) != "hash") continue;
      if (pieces.count() == pieces_max) return bad("number of pieces");
      if (!add_hash(text_in(child), *kind, pieces.hashes)) return bad("hash of a piece");
    }
    if (pieces.count() > 0) file_.pieces = std::move(pieces);
    return {};
  }

  Result<void> fit_pieces() {
    if (!file_.size_bytes || !file_.pieces) return {};
    const std::uint64_t whole = *file_.size_bytes / file_.pieces->piece_bytes;
    const bool has_rest = *file_.size_bytes % file_.pieces->piece_bytes > 0;
    if (file_.pieces->count() != whole + (has_rest ? 1 : 0)) return bad("number of pieces");
    return {};
  }

  std::unexpected<Error> bad(const std::string& what) const {
    return not_metalink("a wrong " + what + " of " + quoted(file_.path.back()));
  }

  DescribedFile file_;
  std::vector<std::pair<std::uint64_t, std::string>> urls_;
};

}  // namespace

std::size_t length_of(HashKind kind) {
  return known_hashes[static_cast<std::size_t>(kind)].bytes;
}

std::string_view name_of(HashKind kind) {
  return known_hashes[static_cast<std::size_t>(kind)].name;
}

Result<std::vector<DescribedFile>> parse_metalink(std::string_view text) {
  if (text.size() > document_bytes_max) return not_metalink("too long");
  pugi::xml_document document;
  const auto parsed = document.load_buffer(text.data(), text.size());
  if (!parsed) return not_metalink("not well-formed XML");
  const pugi::xml_node root = document.document_element();
  const std::string_view name = root.name();
  const std::size_t colon = name.find(':');
  const std::string prefix = colon == name.npos ? "" : ":" + std::string(name.substr(0, colon));
  const std::string_view space = root.attribute(("xmlns" + prefix).c_str()).value();
  if (local_name(root) != "metalink" || space != metalink_namespace)
    return not_metalink("its root is not that of RFC 5854");
  std::vector<DescribedFile> files;
  std::set<std::vector<std::string>> paths;
  for (const pugi::xml_node& node : root.children()) {
    if (local_name(node) != "file") continue;
    if (files.size() == files_max) return not_metalink("too many files");
    auto file = FileReader().read(node);
    if (!file) return fail(file.error());
    if (!paths.insert(file->path).second)
      return not_metalink("two files are called " + quoted(file->path.back()));
    files.push_back(std::move(*file));
  }
  if (files.empty()) return not_metalink("it names no file");
  return files;
}

}  // namespace yam::proto::metalink
