#include "yam/service/tftp_server/tftp_ports.hpp"

#include <charconv>
#include <optional>

#include "yam/base/text.hpp"

namespace yam::service {

namespace {

std::optional<std::uint16_t> port_in(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size() || port == 0) return std::nullopt;
  return port;
}

}  // namespace

Result<TftpPorts> TftpPorts::parse(std::string_view text) {
  TftpPorts ports;
  if (text == "single") {
    ports.single = true;
    return ports;
  }
  const std::size_t dash = text.find('-');
  const auto first = port_in(text.substr(0, dash));
  const auto last = dash == text.npos ? std::nullopt : port_in(text.substr(dash + 1));
  if (!first || !last || *first > *last)
    return fail(Code::usage, "no ports " + quoted(text), "write `single`, or a range such as 20000-29999");
  ports.first = *first;
  ports.last = *last;
  return ports;
}

}  // namespace yam::service
