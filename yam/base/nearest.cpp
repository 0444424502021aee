#include "yam/base/nearest.hpp"

#include <algorithm>
#include <array>

namespace yam {
namespace {

constexpr std::size_t word_bytes_max = 32;  // longer words are not guessed

// Optimal string alignment distance, three rows at a time.
std::size_t distance(std::string_view a, std::string_view b) {
  using Row = std::array<std::size_t, word_bytes_max + 1>;
  Row before_last{};
  Row last{};
  Row row{};
  for (std::size_t j = 0; j <= b.size(); ++j)
    row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    before_last = last;
    last = row;
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t other = a[i - 1] == b[j - 1] ? 0 : 1;
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + other});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
  }
  return row[b.size()];
}

}  // namespace

std::optional<std::string_view> nearest_word(std::string_view word,
                                             std::span<const std::string_view> candidates) {
  if (word.size() > word_bytes_max) return std::nullopt;
  std::optional<std::string_view> best;
  std::size_t least = std::min<std::size_t>(3, (word.size() + 1) / 2);
  for (const std::string_view candidate : candidates) {
    if (candidate.size() > word_bytes_max) continue;
    const std::size_t errors = distance(word, candidate);
    if (errors < least) {
      best = candidate;
      least = errors;
    }
  }
  return best;
}

}  // namespace yam
