#pragma once
// What a folder holds, as text: for programs (JSON, in the form of nginx's autoindex_format), for terminals
// and as a page. Pure: entries in, text out, a piece at a time.

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "yam/proto/http/fields.hpp"
#include "yam/store/folder_reader.hpp"

namespace yam::service {

enum class ListingForm : std::uint8_t { json, text, page };

std::string_view media_type_of(ListingForm form);

// What a request wants: `format` ("json", "text", "html") if it says so; else JSON when Accept prefers it,
// text for curl, which shows it in a terminal, and the page for all others. Absent for another format.
std::optional<ListingForm> choose_listing(const std::optional<std::string>& format,
                                          const proto::http::Fields& request);

// Folders first, each kind by name.
void sort_listing(std::span<store::FolderEntry> entries);

// `path` is the folder's name beneath the root, "" for that itself.
std::string listing_begin(ListingForm form, std::string_view path, bool has_archives);
void append_entry(std::string& out, ListingForm form, const store::FolderEntry& entry, bool is_first);
std::string listing_end(ListingForm form, bool was_cut);

}  // namespace yam::service
