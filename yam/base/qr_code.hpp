#pragma once
// A text as a QR code (ISO/IEC 18004), as modules that are dark or light; who shows it draws them, with four
// light ones all around (§6.3.8). Error correction M: a seventh of the symbol may be unreadable.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "yam/base/result.hpp"

namespace yam {

inline constexpr std::size_t qr_text_bytes_max = 1024;  // larger ones no telephone reads from a screen
inline constexpr std::size_t qr_quiet_modules = 4;

class QrCode {
 public:
  // Code::usage for an empty text, one with NULs, and one beyond qr_text_bytes_max.
  static Result<QrCode> make(const std::string& text);

  std::size_t width() const { return width_; }  // and height
  bool is_dark(std::size_t x, std::size_t y) const { return dark_[y * width_ + x]; }

 private:
  std::size_t width_ = 0;
  std::vector<bool> dark_;
};

// As a picture of its own: SVG with the quiet zone, black on white, a unit for each module.
std::string qr_svg(const QrCode& code);

// For a terminal: lines of half blocks, two rows of modules each, with the quiet zone. What is light is
// drawn, so they are to be shown light on dark.
std::string qr_blocks(const QrCode& code);

}  // namespace yam
