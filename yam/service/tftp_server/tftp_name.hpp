#pragma once
// What a client calls a file, as a name beneath the root: a leading '/' means the root, as firmware writes
// it, and so does "./". What store refuses as a name remains refused.

#include <string_view>

namespace yam::service {

std::string_view tftp_file_name(std::string_view asked);

}  // namespace yam::service
