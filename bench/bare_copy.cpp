// A file over TCP with no program in the way: sendfile out, splice through a 1 MiB pipe in. It checks nothing
// and promises nothing; it is the ceiling for yam's bulk row.
//
//   bare_copy receive FILE             prints `ready PORT`, takes one connection
//   bare_copy send FILE IPV4:PORT

#include <sys/sendfile.h>
#include <sys/stat.h>

#include "sockets.hpp"

namespace {

constexpr int pipe_bytes = 1024 * 1024;
constexpr std::size_t sendfile_bytes_max = 0x7fff'f000;  // the most that one call moves

void send_file(const char* path, std::string_view peer) {
  const int file = bench::must(open(path, O_RDONLY | O_CLOEXEC), path);
  struct stat facts{};
  bench::must(fstat(file, &facts), path);
  const int stream = bench::connected_socket(SOCK_STREAM, bench::address(peer));
  off_t offset = 0;
  while (offset < facts.st_size) {
    if (bench::must(sendfile(stream, file, &offset, sendfile_bytes_max), "sendfile") == 0) break;
  }
  bench::must(shutdown(stream, SHUT_WR), "shutdown");
  char end = 0;
  bench::must(read(stream, &end, 1), "read");  // the receiver closes when it has all of it
}

void receive_file(const char* path) {
  const int listener = bench::bound_socket(SOCK_STREAM, 0);
  const int file = bench::must(open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644), path);
  const int stream = bench::must(accept(listener, nullptr, nullptr), "accept");
  int ends[2];
  bench::must(pipe(ends), "pipe");
  bench::must(fcntl(ends[1], F_SETPIPE_SZ, pipe_bytes), "F_SETPIPE_SZ");
  for (;;) {
    ssize_t held =
        bench::must(splice(stream, nullptr, ends[1], nullptr, pipe_bytes, SPLICE_F_MOVE), "splice in");
    if (held == 0) return;
    while (held > 0) {
      held -=
          bench::must(splice(ends[0], nullptr, file, nullptr, static_cast<std::size_t>(held), SPLICE_F_MOVE),
                      "splice out");
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view verb = argc > 1 ? argv[1] : "";
  if (verb == "send" && argc == 4) {
    send_file(argv[2], argv[3]);
  } else if (verb == "receive" && argc == 3) {
    receive_file(argv[2]);
  } else {
    std::fprintf(stderr, "usage: bare_copy receive FILE | send FILE IPV4:PORT\n");
    return 2;
  }
}
