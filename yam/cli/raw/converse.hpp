#pragma once
// One conversation of a raw verb from its first byte to the last word about it: announced, carried by
// service::exchange, ended politely, and reported as --verbose, --json and --trace ask.

#include "yam/cli/raw/raw_options.hpp"
#include "yam/cli/raw/session.hpp"
#include "yam/cli/trace.hpp"
#include "yam/net/connection.hpp"

namespace yam::cli {

struct Conversation {
  Conversation() = default;
  bool calling = true;
  std::uint32_t number = 0;  // among others of the same run; 0: the only one
  // Our side, when it is a program: its end is the end and its exit counts, and its input is not for people
  // (no --hex, no --json).
  net::Child* program = nullptr;
  bool single_message = false;     // one message from the peer is all that is wanted
  bool silence_is_an_end = false;  // the peer is one of many who send datagrams
};

// Takes `connection` to its end with `local` on our side. The Error is what the exit status tells.
net::Task<Result<void>> converse(Session& session, Trace& trace, RawOptions options,
                                 net::Connection connection, net::Stream& local, Conversation conversation);

// stdin and stdout as the local side of the only conversation.
Result<std::unique_ptr<net::Stream>> open_own_side(net::Loop& loop, const RawOptions& options);

}  // namespace yam::cli
