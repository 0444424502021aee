// Any bytes as a chunked body: cut anywhere they are the same content and the same trailers, or the same
// refusal; and content that is written in chunks of any size is read back, up to its last byte and no
// further.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>

#include "yam/proto/http/body.hpp"

namespace {

using namespace yam;
using namespace yam::proto::http;

void require(bool holds) {
  if (!holds) std::abort();
}

struct Seen {
  std::string content, trailers, refusal;
  std::size_t used = 0;
  bool done = false;

  bool operator==(const Seen&) const = default;
};

Seen decode(ByteView input, std::size_t piece_bytes) {
  Seen seen;
  BodyReader reader(Framing{Body::chunked});
  for (std::size_t given = 0; given < input.size() && !reader.done();) {
    given = std::min(given + piece_bytes, input.size());
    while (seen.used < given && !reader.done()) {
      const auto step = reader.handle_bytes(input.first(given).subspan(seen.used));
      if (!step) {
        seen.refusal = step.error().words;
        seen.used = 0;  // how far it came within a piece is nobody's business
        return seen;
      }
      require(step->used > 0 && step->used <= given - seen.used);
      seen.used += step->used;
      seen.content += text_of(step->content);
    }
  }
  seen.done = reader.done();
  Fields trailers;
  std::size_t dropped = 0;
  if (seen.done) reader.collect_trailers(trailers, dropped);
  for (const Field& field : trailers) {
    require(may_be_trailer(field.name));
    seen.trailers += std::string(field.name) + "=" + std::string(field.value) + ",";
  }
  return seen;
}

std::string encode(ByteView content, std::size_t piece_bytes) {
  std::string out;
  BodyWriter writer(Framing{Body::chunked});
  for (; !content.empty(); content = content.subspan(std::min(piece_bytes, content.size()))) {
    const ByteView piece = content.first(std::min(piece_bytes, content.size()));
    require(writer.frame(out, piece.size()).has_value());
    out += text_of(piece);
  }
  const Field trailers[] = {{"X", "y"}};
  require(writer.finish(out, trailers).has_value());
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::size_t piece_bytes = 1 + data[0] % 31;
  const ByteView input = std::as_bytes(std::span(data, size)).subspan(1);
  const Seen whole = decode(input, size);
  require(whole == decode(input, piece_bytes));

  const std::string written = encode(input, piece_bytes);
  const Seen back = decode(bytes_of(written + "GET / HTTP/1.1"), 1 + piece_bytes / 2);
  require(back.done && back.used == written.size() && back.content == text_of(input) &&
          back.trailers == "X=y,");
  return 0;
}
