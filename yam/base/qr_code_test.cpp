#include "yam/base/qr_code.hpp"

#include <algorithm>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace yam {
namespace {

// The three finder patterns (ISO/IEC 18004 §6.3.3) stand in all corners but the lower right one.
bool has_finder(const QrCode& code, std::size_t left, std::size_t top) {
  for (std::size_t y = 0; y < 7; ++y)
    for (std::size_t x = 0; x < 7; ++x) {
      const std::size_t ring = std::min({x, y, 6 - x, 6 - y});
      if (code.is_dark(left + x, top + y) != (ring != 1)) return false;
    }
  return true;
}

TEST(QrCode, HasItsThreeCorners) {
  const auto code = QrCode::make("http://192.0.2.1:8080/%E6%96%87/");
  ASSERT_TRUE(code);
  EXPECT_EQ((code->width() - 21) % 4, 0U);  // versions 1, 2, … are 21, 25, … wide (§6.3.1)
  const std::size_t far = code->width() - 7;
  EXPECT_TRUE(has_finder(*code, 0, 0) && has_finder(*code, far, 0) && has_finder(*code, 0, far));
  EXPECT_FALSE(has_finder(*code, far, far));
}

TEST(QrCode, RefusesWhatItCannotHold) {
  EXPECT_FALSE(QrCode::make(""));
  EXPECT_FALSE(QrCode::make(std::string("a\0b", 3)));
  EXPECT_TRUE(QrCode::make(std::string(qr_text_bytes_max, 'a')));
  EXPECT_FALSE(QrCode::make(std::string(qr_text_bytes_max + 1, 'a')));
}

TEST(QrCode, DrawsEachRunOfDarkModulesOnce) {
  const auto code = QrCode::make("a");
  ASSERT_TRUE(code);
  const std::string svg = qr_svg(*code);
  EXPECT_TRUE(svg.contains("viewBox=\"0 0 29 29\"")) << svg;
  EXPECT_TRUE(svg.contains("d=\"M4 4h7v1H4z")) << svg;  // the upper side of the first finder
  EXPECT_TRUE(svg.ends_with("</svg>\n")) << svg;
}

TEST(QrCode, BlocksShowEachModule) {
  const auto code = QrCode::make("a");
  ASSERT_TRUE(code);
  const std::string blocks = qr_blocks(*code);
  EXPECT_EQ(std::ranges::count(blocks, '\n'), 15);  // 29 rows, two a line
  std::string_view rest = blocks;
  for (std::size_t y = 0; y < 30; y += 2) {
    for (std::size_t x = 0; x < 29; ++x) {
      const bool upper = rest.starts_with("█") || rest.starts_with("▀");
      const bool lower = rest.starts_with("█") || rest.starts_with("▄");
      rest.remove_prefix(upper || lower ? std::string_view("█").size() : 1);
      const auto is_dark = [&](std::size_t row) {
        const bool inside = x >= 4 && x < 25 && row >= 4 && row < 25;
        return inside && code->is_dark(x - 4, row - 4);
      };
      EXPECT_EQ(upper, !is_dark(y)) << x << ' ' << y;
      EXPECT_EQ(lower, y + 1 < 29 && !is_dark(y + 1)) << x << ' ' << y + 1;
    }
    ASSERT_TRUE(rest.starts_with('\n')) << y;
    rest.remove_prefix(1);
  }
}

}  // namespace
}  // namespace yam
