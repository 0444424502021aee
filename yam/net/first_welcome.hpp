#pragma once
// For one who waits for a single peer: callers are welcomed side by side, and the first whose handshake
// succeeds is the peer. So a caller who connects and says nothing keeps nobody else out.

#include <functional>
#include <string>
#include <vector>

#include "yam/net/connection.hpp"

namespace yam::net {

// How many handshakes run at once; further callers wait in the kernel's queue.
inline constexpr std::size_t handshakes_max = 64;

struct FirstWelcome {
  Connection connection;
  std::vector<std::string> late;  // callers who were still at their handshakes, and have been closed
};

// `failed` is told of each handshake that fails within `timeout`: that one was not who is waited for. The
// Error is the acceptor's own. Who calls later is not taken in; acceptor.stop() refuses him.
Task<Result<FirstWelcome>> welcome_first(
    Loop& loop, Acceptor& acceptor, Duration timeout,
    std::function<void(const std::string& peer, const Error& fault)> failed);

}  // namespace yam::net
