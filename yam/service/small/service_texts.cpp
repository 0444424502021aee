#include "yam/service/small/service_texts.hpp"

#include <algorithm>

#include "yam/base/text.hpp"

namespace yam::service {

std::vector<std::string_view> TextCutter::handle_piece(ByteView piece, std::string& joined) {
  joined = take_rest();
  joined += text_of(piece);
  const std::size_t whole = whole_utf8(joined);
  kept_ = static_cast<std::uint8_t>(joined.size() - whole);
  std::copy_n(joined.begin() + static_cast<std::ptrdiff_t>(whole), kept_, cut_.begin());

  std::vector<std::string_view> texts;
  std::string_view rest = std::string_view(joined).substr(0, whole);
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    std::string_view text = rest.substr(0, end);
    if (end != rest.npos && text.ends_with('\r')) text.remove_suffix(1);
    texts.push_back(text);
    rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
  }
  return texts;
}

std::string TextCutter::take_rest() {
  std::string rest(cut_.data(), kept_);
  kept_ = 0;
  return rest;
}

}  // namespace yam::service
