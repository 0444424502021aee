#pragma once
// The word that was probably meant, for hints. It guesses only when the typing error is small; otherwise it
// is silent.

#include <optional>
#include <span>
#include <string_view>

namespace yam {

// The candidate with the fewest typing errors (a letter more, less, other, or two swapped): at most 2, and
// fewer than half of the word's letters. The first wins a draw.
std::optional<std::string_view> nearest_word(std::string_view word,
                                             std::span<const std::string_view> candidates);

}  // namespace yam
