#pragma once
// Secrets that peers must show: tokens, cookies, addresses that nobody can guess.

#include <string>
#include <string_view>

#include "yam/base/result.hpp"

namespace yam::service {

// 128 random bits, as 32 hex digits. Code::local when there is no randomness.
Result<std::string> fresh_secret();

// Takes as long wherever they differ.
bool same_secret(std::string_view left, std::string_view right);

}  // namespace yam::service
