#pragma once
// Runs the downloads that get was asked for by HTTP, and says how each went: progress on a terminal, words
// with -v, JSON lines with --json, heads with --head.

#include <string>
#include <vector>

#include "yam/cli/http_options.hpp"
#include "yam/cli/tftp_options.hpp"

namespace yam::cli {

struct HttpGet {
  std::vector<std::string> texts;  // URLs
  std::string output;
  bool force = false;
};

// `common`: what every scheme's transfers have. Gives the exit status: that of the first fault, in the order
// of the command line. Each fault has been said.
int run_http_get(const HttpGet& get, const HttpOptions& options, const TftpOptions& common);

}  // namespace yam::cli
