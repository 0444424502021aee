#include "yam/base/qr_code.hpp"

#include <memory>
#include <qrencode.h>

#include <fmt/format.h>

namespace yam {

Result<QrCode> QrCode::make(const std::string& text) {
  if (text.empty() || text.contains('\0')) return fail(Code::usage, "this is no text for a QR code");
  if (text.size() > qr_text_bytes_max) return fail(Code::usage, "too long a text for a QR code");
  constexpr int smallest_that_fits = 0;
  const std::unique_ptr<QRcode, decltype(&QRcode_free)> symbol(
      QRcode_encodeString8bit(text.c_str(), smallest_that_fits, QR_ECLEVEL_M), &QRcode_free);
  if (!symbol) return fail(Code::local, "cannot make a QR code");
  QrCode code;
  code.width_ = static_cast<std::size_t>(symbol->width);
  code.dark_.reserve(code.width_ * code.width_);
  for (std::size_t i = 0; i < code.width_ * code.width_; ++i)
    code.dark_.push_back((symbol->data[i] & 1) != 0);
  return code;
}

std::string qr_svg(const QrCode& code) {
  const std::size_t side = code.width() + 2 * qr_quiet_modules;
  std::string svg = fmt::format(
      R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {0}" shape-rendering="crispEdges">)"
      R"(<path fill="#fff" d="M0 0h{0}v{0}H0z"/><path d=")",
      side);
  for (std::size_t y = 0; y < code.width(); ++y) {
    for (std::size_t x = 0; x < code.width();) {
      const std::size_t begin = x;
      while (x < code.width() && code.is_dark(x, y))
        ++x;
      if (x > begin)
        svg += fmt::format("M{} {}h{}v1H{}z", begin + qr_quiet_modules, y + qr_quiet_modules, x - begin,
                           begin + qr_quiet_modules);
      else
        ++x;
    }
  }
  return svg + "\"/></svg>\n";
}

std::string qr_blocks(const QrCode& code) {
  const std::size_t side = code.width() + 2 * qr_quiet_modules;
  const auto is_light = [&code](std::size_t x, std::size_t y) {
    x -= qr_quiet_modules;  // wraps round: far outside
    y -= qr_quiet_modules;
    return x >= code.width() || y >= code.width() || !code.is_dark(x, y);
  };
  std::string text;
  for (std::size_t y = 0; y < side; y += 2) {
    for (std::size_t x = 0; x < side; ++x) {
      const bool upper = is_light(x, y), lower = y + 1 < side && is_light(x, y + 1);
      text += upper && lower ? "█" : upper ? "▀" : lower ? "▄" : " ";
    }
    text += '\n';
  }
  return text;
}

}  // namespace yam
