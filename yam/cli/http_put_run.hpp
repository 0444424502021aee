#pragma once
// Runs the uploads that put was asked for by HTTP, and says how each went: progress on a terminal, words with
// -v, JSON lines with --json, heads with --head.

#include <string>
#include <vector>

#include "yam/cli/http_options.hpp"
#include "yam/cli/tftp_options.hpp"

namespace yam::cli {

struct HttpPut {
  std::vector<std::string> files;
  std::string url;
  bool force = false;
};

// `common`: what every scheme's transfers have. Gives the exit status: that of the first fault, in the order
// of the command line. Each fault has been said.
int run_http_put(const HttpPut& put, const HttpOptions& options, const TftpOptions& common);

}  // namespace yam::cli
