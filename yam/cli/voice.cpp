#include "yam/cli/voice.hpp"

#include <cstdio>

#include <fmt/core.h>

namespace yam::cli {

int explain(const Error& error) {
  say(error.what);
  if (!error.hint.empty()) std::fputs(fmt::format("hint: {}\n", error.hint).c_str(), stderr);
  return exit_status(error.code);
}

void say(std::string_view text) {
  std::fputs(fmt::format("yam: {}\n", text).c_str(), stderr);
}

}  // namespace yam::cli
