#pragma once
// The program's voice: how yam says on stderr what happened and why. One place, so that every verb sounds
// alike.

#include <string>
#include <string_view>

#include "yam/net/program.hpp"

namespace yam::cli {

using net::explain;

// "yam: text", for what a person wants to know while it happens.
void say(std::string_view text);
// The line that say() writes, with its end.
std::string spoken(std::string_view text);

}  // namespace yam::cli
