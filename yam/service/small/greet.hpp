#pragma once
// Rows 8 and 10 of the classics: `Welcome!` on connect, `Hello, X!` for each text X, the end on `exit`.
// Words only; sockets are somebody else's.

#include <string>
#include <string_view>

namespace yam::service {

inline constexpr std::string_view welcome_text = "Welcome!";
inline constexpr std::string_view exit_text = "exit";

inline std::string greeting_for(std::string_view name) {
  std::string answer = "Hello, ";
  answer += name;
  answer += '!';
  return answer;
}

}  // namespace yam::service
