#include "yam/service/server/limits.hpp"

#include <algorithm>
#include <array>
#include <cassert>

#include "yam/base/quantity.hpp"
#include "yam/base/text.hpp"

namespace yam::service {

namespace {

constexpr std::array rows{
    LimitRow{"max-connections", "10240", "TCP connections and TFTP transfers at once; others are refused"},
    LimitRow{"max-per-address", "256",
             "The same from one address; by default peers on this machine are not counted"},
    LimitRow{"idle", "5m", "How long nothing may move on a TCP connection before it is closed"},
    LimitRow{"max-bytes", "16GiB", "The largest file that inbox, tftp and http take"},
    LimitRow{"max-files", "512", "Files that inbox and outbox have open, and http receives, at once"},
    LimitRow{"min-rate", "1kB/s",
             "The lowest average rate of a file, but for tftp; one idle limit is not counted"},
};

template <class T, class Into>
Result<> take(const Result<T>& value, Into& into) {
  if (!value) return fail(value.error());
  into = *value;
  return {};
}

}  // namespace

Duration transfer_time(const ServeLimits& limits, std::uint64_t bytes) {
  constexpr auto longest = std::chrono::duration_cast<std::chrono::seconds>(duration_max).count();
  const std::uint64_t seconds = bytes / limits.min_rate.bytes_per_second;
  return limits.idle + std::chrono::seconds(std::min<std::uint64_t>(seconds, longest));
}

std::span<const LimitRow> limit_rows() {
  return rows;
}

Result<> set_limit(ServeLimits& limits, std::string_view name, std::string_view value) {
  if (name == "max-connections") return take(parse_count(value, connections_limit), limits.max_connections);
  if (name == "max-per-address") return take(parse_count(value, connections_limit), limits.max_per_address);
  if (name == "max-files") return take(parse_count(value, connections_limit), limits.max_files);
  if (name == "min-rate") return take(parse_rate(value), limits.min_rate);
  if (name == "max-bytes") return take(parse_bytes(value), limits.max_bytes);
  assert(name == "idle");
  auto idle = parse_duration(value);
  if (idle && *idle <= Duration::zero()) return fail(Code::usage, "an idle limit of 0 would allow nothing");
  return take(idle, limits.idle);
}

}  // namespace yam::service
