// What is encoded as netascii decodes to the same, wherever it is cut; and whatever a peer sends instead, any
// cut of it decodes to the same, to no more than it has.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "yam/proto/tftp/netascii.hpp"

namespace {

using namespace yam;
using namespace yam::proto::tftp;

void require(bool holds) {
  if (!holds) std::abort();
}

Bytes decode(ByteView netascii, std::size_t piece_bytes) {
  NetasciiDecoder decoder;
  Bytes local;
  for (; !netascii.empty(); netascii = netascii.subspan(std::min(piece_bytes, netascii.size())))
    decoder.handle_bytes(netascii.first(std::min(piece_bytes, netascii.size())), local);
  decoder.handle_end(local);
  return local;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView input = std::as_bytes(std::span(data, size));
  const std::size_t piece_bytes = size == 0 ? 1 : 1 + data[0] % 7;
  Bytes netascii;
  encode_netascii(input, netascii);
  require(netascii.size() <= 2 * size);
  const Bytes back = decode(netascii, piece_bytes);
  require(std::equal(back.begin(), back.end(), input.begin(), input.end()));

  Bytes in_pieces;
  encode_netascii(input.first(size / 2), in_pieces);
  encode_netascii(input.subspan(size / 2), in_pieces);
  require(in_pieces == netascii);

  const Bytes whole = decode(input, size + 1);
  require(whole.size() <= size && whole == decode(input, piece_bytes));
  return 0;
}
