#pragma once
// What a server allows its peers, with a name and a default for each: the same name on the command line, in
// the configuration file and in the documentation. Nothing here is unlimited, and nothing is enforced here.

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "yam/base/quantity.hpp"
#include "yam/base/result.hpp"
#include "yam/base/time.hpp"

namespace yam::service {

struct ServeLimits {
  std::uint64_t max_connections = 10'240;
  // Absent: max_per_address_default, and peers on this machine are not counted by address.
  std::optional<std::uint64_t> max_per_address;
  Duration idle = std::chrono::minutes(5);
  std::uint64_t max_bytes = std::uint64_t{16} << 30;
  std::uint64_t max_files = 512;
  Rate min_rate{1000};

  bool operator==(const ServeLimits&) const = default;
};

inline constexpr std::uint64_t max_per_address_default = 256;
inline constexpr std::uint64_t connections_limit = 1'000'000;  // the most that max_* for counts may be

// What is not for the operator to choose.
inline constexpr Duration stop_limit = std::chrono::seconds(5);         // for what is in flight when we stop
inline constexpr Duration linger_limit = std::chrono::seconds(2);       // for the peer's FIN after ours
inline constexpr Duration name_pause = std::chrono::milliseconds(300);  // outbox: the name has come whole
inline constexpr Duration match_pause = std::chrono::milliseconds(50);  // the same when it names a file
inline constexpr Duration character_pause = std::chrono::milliseconds(300);  // greet: the rest never comes
inline constexpr std::size_t echo_piece_bytes = 64 * 1024;  // what a peer that does not read makes us keep
inline constexpr std::size_t text_bytes_max = 16 * 1024;    // greet, fahrenheit: the longest text

inline constexpr Duration commit_limit = std::chrono::seconds(10);  // after stop_limit: whole files get names

// How long a file may have been on its way when so many bytes of it have been: one idle limit, which is the
// start's or a pause's, and then min_rate counts.
Duration transfer_time(const ServeLimits& limits, std::uint64_t bytes);

struct LimitRow {
  std::string_view name;           // "max-connections"
  std::string_view default_value;  // as it would be typed
  std::string_view meaning;        // one line
};

// Every limit that an operator may set, in the order of the documentation.
std::span<const LimitRow> limit_rows();

// Sets the limit `name` to `value` as typed. Code::usage for a value that is none; `name` must be in
// limit_rows().
Result<> set_limit(ServeLimits& limits, std::string_view name, std::string_view value);

}  // namespace yam::service
