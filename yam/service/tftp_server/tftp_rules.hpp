#pragma once
// Who may ask TFTP servers for what: which clients are let in, whose folder is which, what a name becomes,
// and how much is granted. Pure: an address and a name go in, a permit or a refusal comes out; nothing is
// looked up or opened. The names that it lets pass are still a stranger's: store judges them.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "yam/base/address/cidr.hpp"
#include "yam/base/result.hpp"
#include "yam/service/tftp_server/tftp_rewrite.hpp"
#include "yam/service/tftp_server/tftp_settings.hpp"

namespace yam::service {

// What holds for some clients, in place of what the service says; absent is as it says.
struct TftpClientRule {
  std::vector<Cidr> clients;
  std::optional<std::string> folder;             // as TftpRules::folder
  std::optional<std::uint16_t> block_bytes_max;  // tightens the service's
  std::optional<std::uint16_t> window_max;       // likewise
  std::optional<WritePolicy> write;

  bool operator==(const TftpClientRule&) const = default;
};

// What a client gets.
struct TftpPermit {
  std::string folder;     // beneath the service's; empty: that one itself
  std::string name;       // of the file, beneath that folder
  TftpSettings settings;  // the service's, as they hold for this client
};

struct TftpRules {
  static constexpr std::size_t name_bytes_max = 512;  // that is looked at; no firmware asks for more
  static constexpr std::size_t lines_max = 1024;      // of each list

  std::vector<Cidr> allow;  // empty: everybody. Else who is in none is denied
  std::vector<Cidr> deny;   // wins over `allow`
  // Beneath the service's folder, with {ip} for the client's address; in place of what the URL says.
  std::optional<std::string> folder;
  bool backslash = false;   // '\' is '/'
  bool lower_case = false;  // A to Z are a to z
  std::vector<TftpRewrite> rewrites;
  std::vector<TftpClientRule> clients;
  std::optional<std::uint64_t> quota_bytes;  // that a service's folder may hold with what clients put there

  // Whether this client is heard at all. Code::refused, in words for the operator: "10.0.0.0/8 is denied".
  Result<> admit(const IpAddress& client) const;

  // What it gets when it asks for `name`, as the packet had it. In this order: '\' and case, a '/' or "./" in
  // front is the root, then the first rewrite that fits, of which again a '/' in front is the root; folder
  // and caps are those of the first of `clients` that it is in. Code::usage for a name beyond measure,
  // Code::refused for a write where nothing is taken.
  Result<TftpPermit> permit(const IpAddress& client, std::string_view name, bool write,
                            const TftpSettings& settings) const;

  bool operator==(const TftpRules&) const = default;
};

// One of `allow`, `deny` or `clients`. Code::usage also where bits are set beyond the prefix, and for blocks
// of IPv4-mapped addresses: such a client is met as the IPv4 address that it is.
Result<Cidr> parse_client_block(std::string_view text);

// Code::usage for what cannot be a folder beneath another: "/srv", "..", "".
Result<> check_client_folder(std::string_view folder);

}  // namespace yam::service
