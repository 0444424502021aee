// yam: plays either end of a network conversation. This file knows the verbs' names and nothing of what they
// do.

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <fcntl.h>
#include <string_view>
#include <unistd.h>

#include <fmt/core.h>

#include "yam/base/text.hpp"
#include "yam/cli/verbs.hpp"
#include "yam/cli/voice.hpp"

namespace {

using namespace yam;
using namespace yam::cli;

struct Verb {
  std::string_view name;
  std::string_view summary;
  int (*run)(const Words&);
};

constexpr std::array verbs{
    Verb{"serve", "host services: echo, greet, inbox, outbox, …", run_serve},
    Verb{"get", "download files: http:// https:// tftp://", run_get},
    Verb{"put", "upload files: tftp://HOST[:PORT]/NAME", run_put},
    Verb{"send", "offer files from here: a pinned https URL and a QR code", run_send},
    Verb{"connect", "call an endpoint: stdin → peer → stdout", run_connect},
    Verb{"listen", "the same, waiting; --keep, --exec, --broadcast", run_listen},
    Verb{"talk", "two people and no hub, over TCP or UDP", run_talk},
    Verb{"pipe", "join two endpoints: forward, wrap in TLS, impair", run_pipe},
};

void print_help() {
  fmt::print("yam plays either end of a network conversation.\n\nUsage: yam VERB [OPTIONS] …\n\n");
  for (const Verb& verb : verbs)
    fmt::print("  {:<9} {}\n", verb.name, verb.summary);
  fmt::print(
      "\nEndpoints: tcp://HOST:PORT udp://HOST:PORT tls://HOST:PORT unix:PATH unixgram:PATH exec:COMMAND\n"
      "           file:PATH - and a bare HOST:PORT, which is tcp\n"
      "`yam VERB --help` says what a verb takes; `yam --version` which yam this is.\n");
}

int refuse(std::string_view word) {
  std::array<std::string_view, verbs.size()> names;
  for (std::size_t i = 0; i < verbs.size(); ++i)
    names[i] = verbs[i].name;
  const auto near = nearest(word, names);
  return explain({Code::usage, fmt::format("there is no verb '{}'", word),
                  near ? fmt::format("did you mean `yam {}`?", *near) : "`yam --help` lists the verbs"});
}

// A standard descriptor that was closed would become the next thing we open. In its place: nothing to read,
// and no place to write (the wrong way round, so that lost output is a fault).
void fill_closed_descriptors() {
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    if (::fcntl(fd, F_GETFD) < 0) ::open("/dev/null", fd == STDERR_FILENO ? O_WRONLY : O_RDONLY);
}

int run(int count, char** values) {
  if (count < 2) {
    print_help();
    return exit_status(Code::usage);
  }
  const std::string_view word = values[1];
  if (word == "--version" || word == "-V") {
    fmt::print("yam {}\n", YAM_VERSION);
    return 0;
  }
  if (word == "--help" || word == "-h" || word == "help") {
    print_help();
    return 0;
  }
  for (const Verb& verb : verbs)
    if (verb.name == word) return verb.run(Words(values + 2, values + count));
  return refuse(word);
}

}  // namespace

int main(int count, char** values) {
  fill_closed_descriptors();
  ::signal(SIGPIPE, SIG_IGN);  // a closed pipe is an Error of the write,
  ::signal(SIGXFSZ, SIG_IGN);  // and so is a file as large as the user's limit
  const int status = run(count, values);
  const bool is_printed = std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
  return status == 0 && !is_printed ? explain(fail_os("cannot write stdout", errno).error()) : status;
}
