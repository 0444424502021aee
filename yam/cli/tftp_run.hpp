#pragma once
// Runs what get and put were asked for, and says how each transfer went: progress on a terminal, words with
// -v, JSON lines with --json.

#include <vector>

#include "yam/cli/tftp_options.hpp"

namespace yam::cli {

// What the options say is added to `setup`. Gives the exit status: that of the first fault, in the order of
// the command line. Each fault has been said.
int run_tftp(const TftpOptions& options, Result<std::vector<service::TftpErrand>> planned,
             service::TftpErrands::Setup setup);

}  // namespace yam::cli
