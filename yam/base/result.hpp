#pragma once
// Faults as values. A Result<T> is either a T or an Error that says what was being done to what, and why it
// failed, in words a person can act on. Our own bugs are not Errors: they are assert.

#include <cstdint>
#include <expected>
#include <string>
#include <utility>

namespace yam {

// Who failed, and so what a program's exit status says (exit_status below).
enum class Code : std::uint8_t {
  network,       // the network or the peer's machine: refused, unreachable, reset
  protocol,      // the peer broke the protocol
  usage,         // we were asked for something that makes no sense
  timeout,       // a limit on time ran out
  not_found,     // no such host or service name
  identity,      // TLS failed, or the peer is not who it should be
  verification,  // the bytes are not those that were promised
  refused,       // the peer understood, and said no
  local,         // this machine: files, memory, descriptors, permission
  interrupted,   // a signal asked us to stop
};

// `what` reads as "cannot bind 0.0.0.0:69: permission denied"; `hint`, when not empty, as a next step.
struct Error {
  Code code = Code::local;
  std::string what;
  std::string hint;

  bool operator==(const Error&) const = default;
};

template <class T = void>
using Result = std::expected<T, Error>;

// `return fail(Code::usage, "port 0 cannot be called")`, or `return fail(other.error())` to pass a fault on.
[[nodiscard]] std::unexpected<Error> fail(Code code, std::string what, std::string hint = {});
[[nodiscard]] std::unexpected<Error> fail(Error error);

// The fault behind an errno value: `what` gains ": " and the system's words in lower case; the code follows
// from the value (ECONNREFUSED is network, EMFILE local, ETIMEDOUT timeout).
[[nodiscard]] std::unexpected<Error> fail_os(std::string what, int errno_value, std::string hint = {});

// The process exit status that PRODUCT.md promises for each code: 1 to 8, and 130.
int exit_status(Code code);

// The code's name as --json prints it: "network", "protocol", ….
const char* name_of(Code code);

}  // namespace yam
