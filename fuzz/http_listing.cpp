// Any text as the listing of a folder, in JSON and in HTML: what is found lies beneath the folder, under
// names that stay in theirs.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "yam/service/http_get/listing.hpp"

namespace {

using namespace yam;
using namespace yam::service;

void require(bool holds) {
  if (!holds) std::abort();
}

void check(const HttpUrl& page, const Listing& listing) {
  for (const ListingEntry& entry : listing.entries) {
    require(entry.url.origin == page.origin && entry.url.path.starts_with(page.path) && !entry.names.empty());
    for (const std::string& name : entry.names)
      require(!name.empty() && name != "." && name != ".." && !name.contains('/') && !name.contains('\0'));
    require(HttpUrl::parse(entry.url.to_string()) == entry.url);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static const HttpUrl page = *HttpUrl::parse("http://a/b/");
  check(page, parse_html_listing(page, text));
  if (const auto listing = parse_json_listing(page, text)) check(page, *listing);
  return 0;
}
