#pragma once
// Text as netascii carries it (RFC 1350 §1, RFC 764): a line ends in CR LF, a bare CR is CR NUL. Any cut of
// the input gives the same output; nothing is refused, since every octet stands for itself elsewhere.

#include <cstddef>

#include "yam/base/bytes.hpp"

namespace yam::proto::tftp {

// Appends `local`, whose lines end in LF, as netascii: at most twice its size. It needs no memory between
// pieces: a block may end between the two octets of a line end.
void encode_netascii(ByteView local, Bytes& netascii);

// A CR at the end of a piece waits for what follows it.
class NetasciiDecoder {
 public:
  // Appends: at most one byte more than `netascii` has.
  void handle_bytes(ByteView netascii, Bytes& local);
  // A CR that nothing followed stands for itself.
  void handle_end(Bytes& local);

 private:
  bool after_cr_ = false;
};

}  // namespace yam::proto::tftp
