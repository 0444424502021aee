// Any bytes as a form: cut anywhere it has the same parts with the same content, or the same refusal; parts
// and their ends alternate; little is left unused.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>

#include "yam/proto/http/form_data.hpp"

namespace {

using namespace yam;
using namespace yam::proto::http;

void require(bool holds) {
  if (!holds) std::abort();
}

std::string read(ByteView input, std::size_t piece_bytes) {
  FormReader reader("B");
  std::string events;
  bool inside = false;
  std::size_t used = 0;
  for (std::size_t given = 0; given < input.size();) {
    given = std::min(given + piece_bytes, input.size());
    for (bool on = true; on && used < given;) {
      const auto step = reader.handle_bytes(input.first(given).subspan(used));
      if (!step) return events + "<" + std::string(step.error().words) + ">";
      require(step->used <= given - used);
      used += step->used;
      on = step->what != FormStep::What::more;
      if (step->what == FormStep::What::part) {
        require(!inside);
        inside = true;
        events += "(" + reader.part().name + "," + reader.part().filename.value_or("-") + "," +
                  reader.part().content_type + ")";
      }
      require(step->content.empty() || inside);
      events += text_of(step->content);
      if (step->what == FormStep::What::part_end) {
        require(inside);
        inside = false;
        events += ".";
      }
    }
    require(given - used <= form_part_head_bytes_max);
  }
  require(!reader.handle_end() || !inside);
  return events + (reader.handle_end() ? "E" : "C");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const ByteView input = std::as_bytes(std::span(data, size)).subspan(1);
  require(read(input, size) == read(input, 1 + data[0] % 31));
  return 0;
}
