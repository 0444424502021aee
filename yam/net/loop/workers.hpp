#pragma once
// Threads for work that may take as long as it likes. A thread that is through stays for a while, so that
// many small pieces of work do not cost a new one each; there are as many as there is work at once.
//
// Any thread.

#include <functional>

#include "yam/base/result.hpp"

namespace yam::net {

// Begins `work` at once. Code::local when there is no thread to be had; the work is undone then. Who leaves
// the program does not wait for it.
Result<> begin_on_worker(std::move_only_function<void()> work);

}  // namespace yam::net
