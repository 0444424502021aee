#pragma once
// The program's voice: how yam says on stderr what happened and why. One place, so that every verb sounds
// alike.

#include <string_view>

#include "yam/base/result.hpp"

namespace yam::cli {

// "yam: what" and, when there is one, "hint: …"; gives the exit status that belongs to the fault.
int explain(const Error& error);

// "yam: text", for what a person wants to know while it happens.
void say(std::string_view text);

}  // namespace yam::cli
