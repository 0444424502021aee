#pragma once
// What get and put have in common on their command lines, and what they say about a transfer: in words with
// -v, as JSON lines with --json.

#include <string>

#include "yam/cli/arguments.hpp"
#include "yam/service/tftp/tftp_client.hpp"

namespace yam::cli {

struct TftpOptions {
  std::uint64_t block_bytes = 0;  // 0: not given, as for the next two
  std::uint64_t window = 0;
  std::uint64_t timeout_seconds = 0;
  bool netascii = false;
  bool no_options = false;
  Duration timeout = service::tftp_silence_default;
  bool json = false;
  bool quiet = false;
  bool verbose = false;

  void declare(Arguments& arguments);
  // Code::usage for what contradicts itself.
  Result<service::TftpWish> wish() const;
  // `text`, with the mode that the flags say.
  Result<service::TftpUrl> url(const std::string& text) const;

  // A transfer has ended, well or not: what --json and -v say of it, and, when it failed, why. Gives the exit
  // status. `event` is "downloaded" or "uploaded"; `file` is what it is called here.
  int tell(const char* event, const service::TftpUrl& url, const std::string& file,
           const service::TftpReport& report, const Result<void>& outcome) const;
};

}  // namespace yam::cli
