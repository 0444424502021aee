#include "yam/cli/voice.hpp"

#include <cstdio>

#include <fmt/core.h>

namespace yam::cli {

int explain(const Error& error) {
  say(error.what);
  if (!error.hint.empty()) fmt::print(stderr, "hint: {}\n", error.hint);
  return exit_status(error.code);
}

void say(std::string_view text) {
  fmt::print(stderr, "yam: {}\n", text);
}

}  // namespace yam::cli
