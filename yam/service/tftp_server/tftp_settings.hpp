#pragma once
// What the URL of a TFTP service says beyond where and over which folder. Who may ask for what under which
// name is said by the rules (tftp_rules.hpp), which may tighten what stands here.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "yam/base/result.hpp"
#include "yam/proto/tftp/options.hpp"
#include "yam/service/tftp_server/tftp_ports.hpp"
#include "yam/service/write_policy.hpp"

namespace yam {
struct Url;
}

namespace yam::service {

// Where the address of a client stands in a folder's name.
inline constexpr std::string_view client_mark = "{ip}";

struct TftpSettings {
  WritePolicy write = WritePolicy::off;
  std::uint16_t window_max = proto::tftp::window_blocks_default;  // blocks, the most that is granted
  std::uint16_t block_bytes_max = proto::tftp::block_bytes_max;   // likewise
  TftpPorts ports;
  // Of one client, beneath the folder of the service: "{ip}" or "phones/{ip}"; empty: that folder itself.
  std::string client_folder;

  bool operator==(const TftpSettings&) const = default;
};

// The options of a tftp:// URL besides root.
std::span<const std::string_view> tftp_option_names();

// What those say. Code::usage, with what would be right as a hint; it does not name the URL.
Result<TftpSettings> read_tftp_options(const Url& url);

// Cuts what is each client's own off a folder: "/srv/{ip}/boot" becomes "/srv", and "{ip}/boot" is returned.
// Empty when all clients share the whole.
std::string take_client_folder(std::string& folder);

}  // namespace yam::service
