#pragma once
// One address grammar for every verb. An Endpoint says what to call or where to wait; it opens nothing,
// resolves nothing, and looks at no file.
//
//   tcp://HOST:PORT  udp://HOST:PORT  tls://HOST:PORT  ws://HOST[:PORT]/PATH  wss://HOST[:PORT]/PATH
//   unix:PATH  unixgram:PATH  file:PATH  exec:COMMAND  -  and a bare HOST:PORT, which is tcp.
//
// "listen:" in front makes it the waiting side. Options ride behind '?': tls://host:443?verify=none. Which
// ones a scheme knows stands in endpoint_options.cpp, and any other is refused, as is one that would have no
// effect on this side. In paths and option values %3F is a '?', %25 a '%'. Two schemes take no options: the
// rest of exec: is the command, as it stands; the query of ws:// belongs to the request. There is one way to
// write each thing, so "tcp:host:80" (without slashes) is refused, with the right form as a hint.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "yam/base/address/option.hpp"
#include "yam/base/result.hpp"

namespace yam {

enum class Scheme : std::uint8_t { tcp, udp, tls, ws, wss, unix_stream, unix_datagram, exec, file, stdio };
enum class Side : std::uint8_t { calling, listening };

inline constexpr std::size_t endpoint_bytes_max = 4096;  // of text
inline constexpr std::size_t unix_path_bytes_max =
    107;  // sun_path less its NUL; an abstract name with its '@' too

struct Endpoint {
  Scheme scheme = Scheme::tcp;
  Side side = Side::calling;
  std::string host;        // without brackets; empty: every address when listening, this machine when calling
  std::uint16_t port = 0;  // 0 only when listening: the kernel picks one
  std::string path;  // unix, file: the path, "@NAME" being abstract; exec: the command; ws: path and query
  std::vector<Option> options;

  // `side` is what the verb does; "listen:" in the text overrules it. Errors are Code::usage, one line, and
  // name the fault and its column. Files, commands and stdio cannot listen.
  static Result<Endpoint> parse(std::string_view text, Side side);

  std::optional<std::string_view> option(std::string_view name) const;

  // Parses back to the same value on its own side: "listen:" is not part of it.
  std::string to_string() const;

  bool operator==(const Endpoint&) const = default;
};

// The scheme as it is written: "tcp", "unix", "unixgram", "-" for stdio.
std::string_view name_of(Scheme scheme);

}  // namespace yam
