#include "yam/net/program.hpp"

#include <cerrno>  // program_invocation_short_name
#include <csignal>
#include <cstdio>

#include "yam/base/text.hpp"
#include "yam/net/loop/signals.hpp"
#include "yam/net/stdio.hpp"

namespace yam::net {

namespace {

Result<void> run_body(int count, char** values, Task<Result<void>> (*body)(Loop&, Words)) {
  auto loop = Loop::open();
  if (!loop) return fail(loop.error());
  auto signals = Signals::open(**loop, {SIGINT, SIGTERM});
  if (!signals) return fail(signals.error());
  return (*loop)->run(until_signal(**loop, **signals, body(**loop, Words(count, values))));
}

}  // namespace

int run_program(int count, char** values, Task<Result<void>> (*body)(Loop&, Words)) {
  ::signal(SIGPIPE, SIG_IGN);  // a closed pipe is an Error of the write
  Result<void> outcome = run_body(count, values, body);
  const bool shown = std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
  if (outcome && !shown) outcome = fail(Code::local, "cannot write to stdout");
  return outcome ? 0 : explain(outcome.error());
}

int explain(const Error& error) {
  std::fprintf(stderr, "%s: %s\n", ::program_invocation_short_name, error.what.c_str());
  if (!error.hint.empty()) std::fprintf(stderr, "hint: %s\n", error.hint.c_str());
  return exit_status(error.code);
}

Result<std::unique_ptr<FrameReader>> typed_lines(Loop& loop) {
  StdioOptions options;
  options.out = -1;  // stdout stays with show()
  auto keyboard = open_stdio(loop, options);
  if (!keyboard) return fail(keyboard.error());
  return std::make_unique<FrameReader>(std::move(*keyboard), wire::Lines());
}

void show(std::string_view text) {
  std::puts(escaped(text).c_str());
  std::fflush(stdout);
}

}  // namespace yam::net
