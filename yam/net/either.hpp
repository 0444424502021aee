#pragma once
// Two tasks side by side, of which the first to end decides: its outcome is given, and the other is cancelled
// where it stands. For a conversation that both sides may end, or work that a signal may.

#include "yam/base/result.hpp"
#include "yam/net/loop/loop.hpp"

namespace yam::net {

// Begins `one`, then `other`.
Task<Result<void>> either(Loop& loop, Task<Result<void>> one, Task<Result<void>> other);

}  // namespace yam::net
