#pragma once
// What a command line with URLs and files asks a client for: transfers, each with a name there and one here.
// What could not end well is refused before anybody is asked.

#include <span>
#include <string>
#include <vector>

#include "yam/service/tftp_client/tftp_url.hpp"

namespace yam::service {

struct TftpErrand {
  static constexpr const char* standard = "-";  // as a file: stdin or stdout

  TftpUrl url;
  std::string file;  // a path here

  bool is_standard() const { return file == standard; }
  bool operator==(const TftpErrand&) const = default;
};

// Each URL into `output`: a file, a folder (one that is there, or with '/' at the end), "-", or, when it is
// empty, the working folder. Code::usage for a URL that names no file, and for two that would become one.
Result<std::vector<TftpErrand>> plan_downloads(std::span<const TftpUrl> urls, const std::string& output);

// Each file to `url`, or into it when it is a folder of the server. Code::usage for stdin without a name
// there, and for two files that would become one.
Result<std::vector<TftpErrand>> plan_uploads(std::span<const std::string> files, const TftpUrl& url);

}  // namespace yam::service
