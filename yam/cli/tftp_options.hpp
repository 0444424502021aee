#pragma once
// What get and put have in common on their command lines.

#include <string>

#include "yam/cli/arguments.hpp"
#include "yam/service/tftp_client/tftp_errands.hpp"

namespace yam::cli {

struct TftpOptions {
  std::uint64_t block_bytes = 0;  // 0: not given, as for the next two
  std::uint64_t window = 0;
  std::uint64_t timeout_seconds = 0;
  std::string bind;
  std::uint64_t source_port = 0;
  bool netascii = false;
  bool no_options = false;
  Duration timeout = Duration(-1);  // negative: not given
  bool json = false;
  bool quiet = false;
  bool verbose = false;
  std::optional<std::string> trace;
  std::uint64_t jobs = 0;  // 0: not given

  void declare(Arguments& arguments);
  // Whether anything was said that means nothing but by TFTP.
  bool is_tftp_given() const;
  // Code::usage for what contradicts itself.
  Result<service::TftpWish> wish() const;
  // `text`, with the mode that the flags say; Code::usage when it says another.
  Result<service::TftpUrl> url(const std::string& text) const;
};

}  // namespace yam::cli
