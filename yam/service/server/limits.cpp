#include "yam/service/server/limits.hpp"

#include <array>
#include <cassert>
#include <charconv>

#include "yam/base/quantity.hpp"
#include "yam/base/text.hpp"

namespace yam::service {

namespace {

constexpr std::array rows{
    LimitRow{"max-connections", "10240", "TCP connections at once, over all services; others are closed"},
    LimitRow{"max-per-address", "256",
             "The same from one address; by default peers on this machine are not counted"},
    LimitRow{"idle", "5m", "How long nothing may move on a connection before it is closed"},
    LimitRow{"max-bytes", "16GiB", "The largest file that inbox takes"},
    LimitRow{"max-files", "512", "Files that inbox and outbox have open at once"},
};

Result<std::uint64_t> parse_count(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 1 || number > connections_limit)
    return fail(Code::usage,
                quoted(text) + " is not a number from 1 to " + std::to_string(connections_limit));
  return number;
}

template <class T, class Into>
Result<> take(const Result<T>& value, Into& into) {
  if (!value) return fail(value.error());
  into = *value;
  return {};
}

}  // namespace

std::span<const LimitRow> limit_rows() {
  return rows;
}

Result<> set_limit(ServeLimits& limits, std::string_view name, std::string_view value) {
  if (name == "max-connections") return take(parse_count(value), limits.max_connections);
  if (name == "max-per-address") return take(parse_count(value), limits.max_per_address);
  if (name == "max-files") return take(parse_count(value), limits.max_files);
  if (name == "max-bytes") return take(parse_bytes(value), limits.max_bytes);
  assert(name == "idle");
  auto idle = parse_duration(value);
  if (idle && *idle <= Duration::zero()) return fail(Code::usage, "an idle limit of 0 would allow nothing");
  return take(idle, limits.idle);
}

}  // namespace yam::service
