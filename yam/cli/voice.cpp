#include "yam/cli/voice.hpp"

#include <cerrno>  // program_invocation_short_name
#include <cstdio>

#include <fmt/core.h>

namespace yam::cli {

void say(std::string_view text) {
  std::fputs(spoken(text).c_str(), stderr);
}

std::string spoken(std::string_view text) {
  return fmt::format("{}: {}\n", ::program_invocation_short_name, text);
}

}  // namespace yam::cli
