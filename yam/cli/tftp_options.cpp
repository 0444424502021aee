#include "yam/cli/tftp_options.hpp"

#include "yam/base/text.hpp"

namespace yam::cli {

namespace tftp = proto::tftp;

void TftpOptions::declare(Arguments& arguments) {
  arguments.number("--blksize", block_bytes, tftp::block_bytes_min, tftp::block_bytes_max,
                   "Ask for blocks of so many bytes (default: what fits the path, 1428 on Ethernet)");
  arguments.number("--windowsize", window, 1, tftp::window_blocks_max,
                   "Ask for so many blocks to an acknowledgement (default 64, fewer of large ones)");
  arguments.number("--tftp-timeout", timeout_seconds, 1, tftp::timeout_seconds_max,
                   "Ask that neither end waits longer than N seconds before it repeats");
  arguments.flag("--no-options", no_options, "Ask for none of these: a plain request of RFC 1350");
  arguments.flag("--netascii", netascii, "Text: line ends are CR LF on the wire, as ;mode=netascii says");
  arguments.text("--bind", bind, "ADDRESS", "Call from this address");
  arguments.number("--source-port", source_port, 1, 65'535,
                   "Call from this port, for a firewall that lets it through; one transfer after the other");
  arguments.duration("--timeout", timeout,
                     "Give up after this long without progress (default 10s by TFTP, 30s by HTTP)");
  arguments.number(
      "-j,--jobs", jobs, 1, service::TftpErrands::at_once_max,
      "Transfers at once, of several (default 4; 1: one after the other); by HTTP of one file so many "
      "ranges at once");
  arguments.maybe_text("--trace", trace, "FILE", "Draw the packets as they pass, on stderr or into FILE");
  arguments.flag("--json", json, "One JSON object a line on stdout for each transfer");
  arguments.flag("-q,--quiet", quiet, "No progress, even on a terminal");
  arguments.flag("-v,--verbose", verbose, "Say what was asked for and granted, and how it went");
}

bool TftpOptions::is_tftp_given() const {
  return block_bytes != 0 || window != 0 || timeout_seconds != 0 || no_options || netascii ||
         source_port != 0;
}

Result<service::TftpWish> TftpOptions::wish() const {
  if (no_options && (block_bytes != 0 || window != 0 || timeout_seconds != 0))
    return fail(Code::usage, "--no-options contradicts --blksize, --windowsize and --tftp-timeout");
  service::TftpWish wish;
  wish.options = !no_options;
  if (block_bytes != 0) wish.block_bytes = static_cast<std::uint16_t>(block_bytes);
  if (window != 0) wish.window = static_cast<std::uint16_t>(window);
  if (timeout_seconds != 0) wish.timeout_seconds = static_cast<std::uint8_t>(timeout_seconds);
  wish.silence = timeout < Duration::zero() ? service::tftp_silence_default : timeout;
  wish.source_port = static_cast<std::uint16_t>(source_port);
  if (bind.empty()) return wish;
  const auto address = IpAddress::parse(bind);
  if (!address) return fail(Code::usage, "--bind: " + address.error().what);
  wish.bind = *address;
  return wish;
}

Result<service::TftpUrl> TftpOptions::url(const std::string& text) const {
  auto parsed = service::TftpUrl::parse(text);
  if (!parsed || !netascii) return parsed;
  if (parsed->is_mode_told && parsed->mode != tftp::Mode::netascii)
    return fail(Code::usage, "--netascii contradicts " + escaped(text));
  parsed->mode = tftp::Mode::netascii;
  return parsed;
}

}  // namespace yam::cli
