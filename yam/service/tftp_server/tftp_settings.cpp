#include "yam/service/tftp_server/tftp_settings.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "yam/base/address/url.hpp"
#include "yam/base/text.hpp"

namespace yam::service {

namespace {

constexpr std::array<std::string_view, 4> option_names{"write", "windowsize", "blksize", "ports"};

Result<> read_cap(const Url& url, std::string_view name, std::uint16_t least, std::uint16_t most,
                  std::uint16_t& cap) {
  const auto given = url.option(name);
  if (!given) return {};
  std::uint16_t number = 0;
  const auto [end, error] = std::from_chars(given->data(), given->data() + given->size(), number);
  const bool is_whole = error == std::errc() && end == given->data() + given->size();
  if (!is_whole || number < least || number > most)
    return fail(Code::usage, "no " + std::string(name) + " of " + quoted(*given),
                std::to_string(least) + " to " + std::to_string(most));
  cap = number;
  return {};
}

}  // namespace

std::span<const std::string_view> tftp_option_names() {
  return option_names;
}

Result<TftpSettings> read_tftp_options(const Url& url) {
  TftpSettings settings;
  if (const auto write = url.option("write")) {
    const auto policy = parse_write_policy(*write);
    if (!policy) return fail(policy.error());
    settings.write = *policy;
  }
  using proto::tftp::window_blocks_max;
  if (const auto read = read_cap(url, "windowsize", 1, window_blocks_max, settings.window_max); !read)
    return fail(read.error());
  constexpr auto least = static_cast<std::uint16_t>(proto::tftp::block_bytes_min);
  constexpr auto most = static_cast<std::uint16_t>(proto::tftp::block_bytes_max);
  if (const auto read = read_cap(url, "blksize", least, most, settings.block_bytes_max); !read)
    return fail(read.error());
  if (const auto given = url.option("ports")) {
    const auto ports = TftpPorts::parse(*given);
    if (!ports) return fail(ports.error());
    settings.ports = *ports;
  }
  return settings;
}

std::string take_client_folder(std::string& folder) {
  const std::size_t mark = folder.find(client_mark);
  if (mark == std::string::npos) return {};
  const std::size_t slash = folder.rfind('/', mark);
  std::string own = folder.substr(slash == std::string::npos ? 0 : slash + 1);
  while (own.ends_with('/'))
    own.pop_back();
  folder = slash == std::string::npos ? "." : slash == 0 ? "/" : folder.substr(0, slash);
  return own;
}

}  // namespace yam::service
