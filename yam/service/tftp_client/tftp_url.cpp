#include "yam/service/tftp_client/tftp_url.hpp"

#include <algorithm>
#include <array>

#include "yam/base/address/authority.hpp"
#include "yam/base/address/url.hpp"
#include "yam/base/path.hpp"
#include "yam/base/text.hpp"

namespace yam::service {

namespace {

using proto::tftp::Mode;

constexpr std::string_view mode_mark = ";mode=";
constexpr std::array<std::string_view, 1> schemes{"tftp"};

// Cuts ";mode=netascii" off the name; false when the mode is none.
bool take_mode(TftpUrl& url) {
  const std::size_t mark = url.name.rfind(mode_mark);
  if (mark == std::string::npos) return true;
  const std::string mode = url.name.substr(mark + mode_mark.size());
  url.is_mode_told = true;
  if (proto::tftp::same_word(mode, "netascii")) {
    url.mode = Mode::netascii;
  } else if (!proto::tftp::same_word(mode, "octet")) {
    return false;
  }
  url.name.resize(mark);
  return true;
}

}  // namespace

Result<TftpUrl> TftpUrl::parse(std::string_view text) {
  auto parsed = Url::parse(text, schemes);
  if (!parsed) return fail(parsed.error());
  const std::string what = escaped(text) + ": ";
  if (parsed->port == 0) return fail(Code::usage, what + "port 0 cannot be called");
  if (!parsed->wire_query.empty() || !parsed->wire_fragment.empty())
    return fail(Code::usage, what + "a TFTP name has no options", "write %3F for '?' and %23 for '#'");
  TftpUrl url;
  url.host = std::move(parsed->host);
  url.port = parsed->port.value_or(tftp_port_default);
  if (!parsed->path.empty()) url.name = parsed->path.substr(1);
  if (!take_mode(url)) return fail(Code::usage, what + "the modes are netascii and octet");
  return url;
}

Result<std::string> TftpUrl::local_name() const {
  std::string local(last_part(name));
  std::ranges::replace_if(local, is_control, '_');
  if (!local.empty() && local != "." && local != "..") return local;
  return fail(Code::usage, to_string() + " names no file");
}

std::string TftpUrl::to_string() const {
  return "tftp://" + authority_to_string(host, port) + "/" + escaped(name);
}

}  // namespace yam::service
