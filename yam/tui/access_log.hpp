#pragma once
// A line for each request that HTTP services answer: the combined log format, which log readers know, or one
// JSON object (docs/config.md). What peers wrote is made safe to show.

#include <string>

#include "yam/service/http_server/http_record.hpp"

namespace yam::tui {

// With its end: `127.0.0.1 - - [21/Nov/2026:22:00:35 +0000] "GET /a HTTP/1.1" 200 6 "-" "curl/7.88.1"`.
std::string combined_line(const service::HttpRecord& record);

// The same as a JSON line, with its end.
std::string json_of(const service::HttpRecord& record);

}  // namespace yam::tui
