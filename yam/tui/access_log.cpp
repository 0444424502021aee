#include "yam/tui/access_log.hpp"

#include <chrono>

#include <fmt/format.h>

#include "yam/base/text.hpp"
#include "yam/tui/json.hpp"

namespace yam::tui {

namespace {

// "Sat, 21 Nov 2026 22:00:35 GMT" as "21/Nov/2026:22:00:35 +0000".
std::string log_date(std::string_view date) {
  constexpr std::size_t date_letters = 29;
  if (date.size() != date_letters) return "-";
  return fmt::format("{}/{}/{}:{} +0000", date.substr(5, 2), date.substr(8, 3), date.substr(12, 4),
                     date.substr(17, 8));
}

std::string target_of(const service::HttpRecord& record) {
  std::string target(record.target);
  if (record.has_query) target.append("?").append(record.query);
  return target;
}

// All of it: a log that leaves something out cannot be searched for it.
std::string in_quotes(std::string_view text) {
  std::string line = "\"";
  for (const char letter : text.empty() ? std::string("-") : escaped(text)) {
    if (letter == '"') line += '\\';
    line += letter;
  }
  return line + "\"";
}

}  // namespace

std::string combined_line(const service::HttpRecord& record) {
  std::string asked;
  if (!record.method.empty())
    asked = fmt::format("{} {} HTTP/1.{}", record.method, target_of(record), record.minor);
  return fmt::format("{} - - [{}] {} {} {} {} {}\n", record.peer.to_string(), log_date(record.date),
                     in_quotes(asked), record.status, record.bytes, in_quotes(record.referrer),
                     in_quotes(record.agent));
}

std::string json_of(const service::HttpRecord& record) {
  JsonLine line;
  line.field("event", "request").field("service", record.service).field("peer", record.peer.to_string());
  if (!record.method.empty()) line.field("method", record.method).field("target", escaped(target_of(record)));
  line.field("status", record.status).field("bytes", record.bytes);
  if (record.received_bytes > 0) line.field("received_bytes", record.received_bytes);
  line.field("seconds", std::chrono::duration<double>(record.took).count());
  if (!record.referrer.empty()) line.field("referrer", escaped(record.referrer));
  if (!record.agent.empty()) line.field("agent", escaped(record.agent));
  if (!record.fault.empty()) line.field("why", record.fault);
  return line.take();
}

}  // namespace yam::tui
