#pragma once
// What a web server's folder holds, as the folder itself says: nginx's autoindex in JSON, which `yam serve`
// speaks too, or the links of an HTML page. Only what lies deeper than the page counts, so that whoever
// follows it always ends, and never leaves. Pure.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "yam/service/http_client/http_url.hpp"

namespace yam::service {

inline constexpr std::size_t listing_bytes_max = 64 * 1024 * 1024;
inline constexpr std::size_t listing_entries_max = 1'000'000;

struct ListingEntry {
  HttpUrl url;                     // a folder's ends with '/'
  std::vector<std::string> names;  // from the page's folder to it, cleaned: {"sub", "a.txt"}
  std::optional<std::uint64_t> size_bytes;

  bool is_folder() const { return url.is_folder(); }
  bool operator==(const ListingEntry&) const = default;
};

// In the order in which they stand, each once; names that cannot be files here are left out and counted.
struct Listing {
  std::vector<ListingEntry> entries;
  std::size_t left_out = 0;
};

// `page`: the folder's own URL. Code::protocol when it is no such JSON, or has more than listing_entries_max.
Result<Listing> parse_json_listing(const HttpUrl& page, std::string_view text);
// The href of each <a>, without those that lead elsewhere, up, or to a query. Never fails: a page without
// links is an empty folder. At most listing_entries_max.
Listing parse_html_listing(const HttpUrl& page, std::string_view text);

}  // namespace yam::service
