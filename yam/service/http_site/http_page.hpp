#pragma once
// A folder's listing as a page: a table of links, relative ones, that needs no script; the module of web/
// makes more of it. Pure: entries in, text out.

#include <string>
#include <string_view>

#include "yam/store/folder_reader.hpp"

namespace yam::service {

// The page's scripts, styles and pictures are the server's own; nothing else may run or be loaded.
inline constexpr std::string_view page_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
    "media-src 'self' blob:; connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'self'";

// `path` is the folder's name beneath the root, "" for that itself. `has_archives`: of what it holds.
std::string page_begin(std::string_view path, bool has_archives);
void append_page_row(std::string& out, const store::FolderEntry& entry);
std::string page_end(bool was_cut);

// Text that is no markup: `&`, `<`, `>` and quotes become entities; controls, what reorders letters (bidi
// controls) and what is not UTF-8 become U+FFFD.
std::string html_escaped(std::string_view text);

}  // namespace yam::service
