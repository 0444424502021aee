#pragma once
// What kind of content a file has, by the end of its name: for the Content-Type of an answer. It never looks
// inside.

#include <string_view>

namespace yam::service {

// "text/plain; charset=utf-8" of "a.TXT"; "application/octet-stream" of what it does not know. Text is taken
// for UTF-8, but for HTML and XML, which say so themselves. Fixed text.
std::string_view media_type_of(std::string_view name);

// Whether it is text, or something else that gets much smaller in a content coding.
bool is_compressible(std::string_view media_type);

}  // namespace yam::service
