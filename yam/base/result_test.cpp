#include "yam/base/result.hpp"

#include <cerrno>
#include <set>

#include <gtest/gtest.h>

namespace yam {
namespace {

constexpr Code codes[] = {Code::network,   Code::protocol,   Code::usage,        Code::timeout,
                          Code::not_found, Code::identity,   Code::verification, Code::refused,
                          Code::local,     Code::interrupted};

TEST(Result, PassesAFaultOn) {
  const auto inner = []() -> Result<int> {
    return fail(Code::usage, "no such verb: srve", "did you mean serve?");
  };
  const auto outer = [&]() -> Result<> { return fail(inner().error()); };
  EXPECT_EQ(outer().error(), (Error{Code::usage, "no such verb: srve", "did you mean serve?"}));
}

TEST(Result, SpeaksOfErrnoInTheSystemsWords) {
  struct Case {
    int value;
    Code code;
    const char* what;
  };
  const Case cases[] = {
      {ECONNREFUSED, Code::network, "cannot connect: connection refused"},
      {ECONNRESET, Code::network, "cannot connect: connection reset by peer"},
      {EHOSTUNREACH, Code::network, "cannot connect: no route to host"},
      {ETIMEDOUT, Code::timeout, "cannot connect: connection timed out"},
      {EACCES, Code::local, "cannot connect: permission denied"},
      {EMFILE, Code::local, "cannot connect: too many open files"},
      {EIO, Code::local, "cannot connect: input/output error"},
      {99999, Code::local, "cannot connect: error 99999"},
  };
  for (const auto& [value, code, what] : cases) {
    const Result<> result = fail_os("cannot connect", value, "a hint");
    EXPECT_EQ(result.error(), (Error{code, what, "a hint"}));
  }
}

TEST(Result, EveryCodeHasItsOwnNameAndItsExitStatus) {
  constexpr int statuses[] = {1, 1, 2, 3, 4, 5, 6, 7, 8, 130};
  std::set<std::string> names;
  for (std::size_t i = 0; i < std::size(codes); ++i) {
    EXPECT_EQ(exit_status(codes[i]), statuses[i]) << name_of(codes[i]);
    names.insert(name_of(codes[i]));
  }
  EXPECT_EQ(names.size(), std::size(codes));
}

}  // namespace
}  // namespace yam
