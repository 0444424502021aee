#pragma once
// What a verb takes on its command line, declared once: parsed, checked, listed by --help, and each flag
// readable from the environment (--idle is YAM_IDLE). The parser behind it stays in arguments.cpp.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "yam/base/result.hpp"
#include "yam/base/time.hpp"

namespace yam::cli {

class Arguments {
 public:
  // `verb` as typed, `summary` in one line; `closing` is printed below the options by --help (examples).
  Arguments(std::string_view verb, std::string_view summary, std::string_view closing = {});
  ~Arguments();

  // Options write into what they are given, which must outlive parse(). Names are "--idle" or "-v,--verbose".
  void flag(std::string_view names, bool& into, std::string_view help);
  void count(std::string_view names, int& into, std::string_view help);  // -vv is 2
  void text(std::string_view names, std::string& into, std::string_view shape, std::string_view help);
  // --trace or --trace=FILE: absent, or the value, which may be empty.
  void maybe_text(std::string_view names, std::optional<std::string>& into, std::string_view shape,
                  std::string_view help);
  void number(std::string_view names, std::uint64_t& into, std::uint64_t least, std::uint64_t most,
              std::string_view help);
  void duration(std::string_view names, Duration& into, std::string_view help);    // 50ms, 2s, 5min
  void bytes(std::string_view names, std::uint64_t& into, std::string_view help);  // 64KiB, 1GB
  void choice(std::string_view names, std::string& into, std::vector<std::string> choices,
              std::string_view help);
  void list(std::string_view names, std::vector<std::string>& into, std::string_view shape,
            std::string_view help);  // may be given more than once

  // What comes without a name, in order.
  void word(std::string_view name, std::string& into, bool required, std::string_view help);
  // `usage`: how the usage line has them, if not as "NAME...".
  void words(std::string_view name, std::vector<std::string>& into, std::size_t least, std::string_view help,
             std::string_view usage = {});

  // False when --help was asked for and has been printed on stdout. Code::usage, with a hint when a name is
  // nearly right, when the command line makes no sense.
  Result<bool> parse(const std::vector<std::string>& given);

 private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
};

}  // namespace yam::cli
