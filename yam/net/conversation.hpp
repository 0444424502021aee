#pragma once
// The short way into conversations: endpoints as text, and a server that holds each of its conversations in a
// task of its own. For TLS identities, exec: and several loops use net/connection.hpp itself.

#include <functional>

#include "yam/net/connection.hpp"

namespace yam::net {

// Calls "HOST:PORT", "tls://HOST:PORT", "unix:PATH" …. exec: is Code::usage.
Task<Result<Connection>> call(Loop& loop, std::string endpoint);

// Waits at an endpoint, and shows `ready PORT`: with port 0 the kernel chooses.
Task<Result<std::unique_ptr<Acceptor>>> wait_at(Loop& loop, std::string endpoint);

// How many conversations serve_each holds at once; further callers wait in the kernel's queue.
inline constexpr std::size_t conversations_max = 1000;

// How long a TLS handshake may take.
inline constexpr Duration welcome_max = std::chrono::seconds(10);

// Waits at an endpoint, welcomes whoever calls, and runs `converse` beside the others. One that fails is
// explained on stderr, with the peer's name, and disturbs no other. Returns only when waiting or accepting
// fails; cancelling it cancels all of them.
Task<Result<void>> serve_each(Loop& loop, std::string endpoint,
                              std::function<Task<Result<void>>(Connection)> converse,
                              std::size_t at_once_max = conversations_max);

}  // namespace yam::net
