// Any text as a Metalink: what is taken keeps the limits, and no name leads out of its folder.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "yam/proto/metalink/metalink_parser.hpp"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace yam::proto::metalink;
  const auto files = parse_metalink({reinterpret_cast<const char*>(data), size});
  if (!files) return 0;
  require(!files->empty() && files->size() <= files_max);
  for (const DescribedFile& file : *files) {
    require(!file.path.empty() && file.urls.size() <= mirrors_max);
    for (const auto& part : file.path)
      require(!part.empty() && part != "." && part != ".." && !part.contains('/'));
    if (file.hash) require(file.hash->value.size() == length_of(file.hash->kind));
    if (!file.pieces) continue;
    require(file.pieces->count() > 0 && file.pieces->count() <= pieces_max && file.pieces->piece_bytes > 0);
    require(file.pieces->hash(file.pieces->count() - 1).size() == length_of(file.pieces->kind));
  }
  return 0;
}
