#include "yam/cli/tftp_options.hpp"

#include <cstdio>

#include <fmt/core.h>

#include "yam/base/quantity.hpp"
#include "yam/cli/voice.hpp"
#include "yam/tui/json.hpp"

namespace yam::cli {

namespace tftp = proto::tftp;

namespace {

double seconds_of(Duration span) {
  return std::chrono::duration<double>(span).count();
}

std::string words_or_none(const tftp::Options& options) {
  return options.empty() ? "no options" : options.to_string();
}

std::string words_of(const service::TftpReport& report) {
  const tftp::Statistics& statistics = report.statistics;
  std::string words = report.server.to_string() + ": asked for " + words_or_none(report.asked);
  if (report.fell_back) words += ", then for none";
  if (report.requests > 1) words += fmt::format(", {} requests", report.requests);
  if (statistics.blocks == 0) return words;
  words += "; granted " + words_or_none(report.granted);
  const double seconds = seconds_of(report.span);
  words += fmt::format("; {} in {}", print_bytes(statistics.bytes), print_duration(report.span));
  if (seconds > 0 && statistics.bytes > 0) {
    const auto rate = static_cast<std::uint64_t>(static_cast<double>(statistics.bytes) / seconds);
    if (rate > 0) words += ", " + print_rate(Rate{rate});
  }
  if (statistics.round_trip) words += ", round trip " + print_duration(*statistics.round_trip);
  return words + fmt::format(", {} retransmitted", statistics.retransmissions);
}

std::string json_of(const char* event, const service::TftpUrl& url, const std::string& file,
                    const service::TftpReport& report, const Result<void>& outcome) {
  const tftp::Statistics& statistics = report.statistics;
  tui::JsonLine line;
  line.field("event", outcome ? event : "failed").field("url", url.to_string());
  if (!file.empty()) line.bytes("file", bytes_of(file));
  if (report.requests > 0) line.field("server", report.server.to_string());
  if (report.requests > 0) line.field("asked", report.asked.to_string());
  if (statistics.blocks > 0) {
    line.field("granted", report.granted.to_string());
    line.field("bytes", statistics.bytes).field("blocks", statistics.blocks);
    line.field("seconds", seconds_of(report.span));
    if (statistics.round_trip) line.field("round_trip", seconds_of(*statistics.round_trip));
    line.field("retransmissions", statistics.retransmissions).field("duplicates", statistics.duplicates);
    line.field("gaps", statistics.gaps).field("timeouts", statistics.timeouts);
  }
  if (report.requests > 0) line.field("requests", report.requests).field("fell_back", report.fell_back);
  if (!outcome) line.field("how", outcome.error().what);
  line.field("status", outcome ? 0 : exit_status(outcome.error().code));
  if (!outcome) line.field("code", name_of(outcome.error().code));
  return line.take();
}

}  // namespace

void TftpOptions::declare(Arguments& arguments) {
  arguments.number("--blksize", block_bytes, tftp::block_bytes_min, tftp::block_bytes_max,
                   "Ask for blocks of so many bytes (default: what fits the path, 1428 on Ethernet)");
  arguments.number("--windowsize", window, 1, tftp::window_blocks_max,
                   "Ask for so many blocks to an acknowledgement (default 64, fewer of large ones)");
  arguments.number("--tftp-timeout", timeout_seconds, 1, tftp::timeout_seconds_max,
                   "Ask that both ends repeat after N seconds, instead of measuring the round trip");
  arguments.flag("--no-options", no_options, "Ask for none of these: a plain request of RFC 1350");
  arguments.flag("--netascii", netascii, "Text: line ends are CR LF on the wire, as ;mode=netascii says");
  arguments.duration("--timeout", timeout, "Give up after this long without progress (default 10s)");
  arguments.flag("--json", json, "One JSON object a line on stdout for each transfer");
  arguments.flag("--quiet", quiet, "No progress, even on a terminal");
  arguments.flag("-v,--verbose", verbose, "Say what was asked for and granted, and how it went");
}

Result<service::TftpWish> TftpOptions::wish() const {
  if (no_options && (block_bytes != 0 || window != 0 || timeout_seconds != 0))
    return fail(Code::usage, "--no-options contradicts --blksize, --windowsize and --tftp-timeout");
  service::TftpWish wish;
  wish.options = !no_options;
  if (block_bytes != 0) wish.block_bytes = static_cast<std::uint16_t>(block_bytes);
  if (window != 0) wish.window = static_cast<std::uint16_t>(window);
  if (timeout_seconds != 0) wish.timeout_seconds = static_cast<std::uint8_t>(timeout_seconds);
  wish.silence = timeout;
  return wish;
}

Result<service::TftpUrl> TftpOptions::url(const std::string& text) const {
  auto parsed = service::TftpUrl::parse(text);
  if (parsed && netascii) parsed->mode = tftp::Mode::netascii;
  return parsed;
}

int TftpOptions::tell(const char* event, const service::TftpUrl& url, const std::string& file,
                      const service::TftpReport& report, const Result<void>& outcome) const {
  if (json) {
    std::fputs(json_of(event, url, file, report, outcome).c_str(), stdout);
    std::fflush(stdout);
  }
  if (verbose && report.requests > 0) say(words_of(report));
  return outcome ? 0 : explain(outcome.error());
}

}  // namespace yam::cli
