#pragma once
// Gives a received file its name on a thread of its own: waiting for the disk takes milliseconds, and the
// loop has other peers.

#include <cstdint>
#include <string>

#include "yam/net/loop/loop.hpp"

namespace yam::store {
class NewFile;
}

namespace yam::service {

// What becomes of a file that could not get its name.
enum class Uncommitted : std::uint8_t { keep, discard };

// As NewFile::commit(). Who stops waiting does not stop the commit.
net::Task<Result<std::string>> commit_elsewhere(net::Loop& loop, store::NewFile file,
                                                Uncommitted uncommitted = Uncommitted::keep);

}  // namespace yam::service
