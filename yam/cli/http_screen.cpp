#include "yam/cli/http_screen.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "yam/base/text.hpp"

namespace yam::cli {

void show_head(const service::HttpHead& head, std::FILE* out) {
  std::string_view text = head.text();
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    fmt::print(out, "{}\n", escaped(line));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  std::fflush(out);
}

}  // namespace yam::cli
