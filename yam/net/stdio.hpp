#pragma once
// The program's own stdin and stdout as a stream, and files by name. A terminal or pipe that other programs
// share stays blocking for them: it is opened anew, as a description of our own, and only where the kernel
// refuses that (sockets, named pipes, another user's terminal) is O_NONBLOCK set on the shared one, until the
// stream goes. A regular file keeps its offset and its append mode.

#include <memory>
#include <string>
#include <unistd.h>

#include "yam/net/fd_stream.hpp"

namespace yam::net {

struct StdioOptions {
  // Puts /dev/null in the place of both descriptors, so that finish() ends the pipe for its reader, as
  // closing the program's own stdout would. For a program that opens its stdio once.
  bool take = false;
  int in = STDIN_FILENO;
  int out = STDOUT_FILENO;
};

// A closed descriptor is an absent half: nothing to read, or no place to write. One socket for both (as inetd
// gives) is one stream whose finish() sends the FIN. Faults: Code::local.
Result<std::unique_ptr<Stream>> open_stdio(Loop& loop, StdioOptions options = {});

enum class FileUse : std::uint8_t { read, write, append };

// `write` creates the file or empties it, `append` creates it or goes on at its end; a new one has `mode`
// less the umask. A named pipe waits for its writer by itself, but to write to it a reader must be there.
// Faults: Code::local, "cannot open PATH: permission denied".
inline constexpr mode_t file_mode_default = 0666;
Result<std::unique_ptr<FdStream>> open_file(Loop& loop, const std::string& path, FileUse use,
                                            mode_t mode = file_mode_default);

// Whether `path` leads to something that is no regular file: a device, a pipe, a socket, a directory. Such a
// thing is written to where it is, and never replaced.
bool is_special_file(const std::string& path);

}  // namespace yam::net
