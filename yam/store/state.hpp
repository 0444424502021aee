#pragma once
// Where yam keeps what is its own: keys and ledgers, in the user's state folder (XDG base directories 0.8)
// and for nobody else's eyes. Bytes in, bytes out: what they mean is for others to know.
//
// Any thread; the calls wait for the disk. state_folder() reads the environment, which nobody may change
// meanwhile.

#include <cstddef>
#include <optional>
#include <string>

#include "yam/base/bytes.hpp"
#include "yam/base/result.hpp"
#include "yam/store/new_file.hpp"

namespace yam::store {

// Keys and certificates take a few KiB; what is larger is not ours.
inline constexpr std::size_t private_bytes_max = 1024 * 1024;

// $XDG_STATE_HOME/yam, or $HOME/.local/state/yam, made with mode 0700 where it is missing; an absolute path.
// A relative XDG_STATE_HOME is ignored, as the specification asks. Code::local when neither variable helps,
// when it cannot be made, or when others may write to it.
Result<std::string> state_folder();

// The whole file, or nothing when there is none. Code::local when it is not a regular file, larger than
// private_bytes_max, or open to others than its owner.
Result<std::optional<Bytes>> read_private_file(const std::string& path);

// Writes the file with mode 0600: whole or not at all, and safe from a power cut. With IfExists::refuse, of
// several programs that make the same file the first one wins, and the others get Code::refused: read it
// then.
Result<void> write_private_file(const std::string& path, ByteView bytes,
                                IfExists if_exists = IfExists::replace);

}  // namespace yam::store
