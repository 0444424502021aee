#pragma once
// What a conversation made of the bytes that it was handed: the vocabulary of both its ends.

#include <cstddef>
#include <cstdint>

#include "yam/base/bytes.hpp"

namespace yam::proto::http {

enum class What : std::uint8_t {
  more,           // hand it the bytes that it did not use again, with others behind them
  informational,  // a client's: a 1xx head, and the final one will follow
  head,
  content,
  end,      // of the message
  waiting,  // a server's: bytes for the next request may wait, this one's answer is not finished
  tunnel,   // the connection is another protocol's from here on
  closed,   // nothing that comes counts any more
};

struct Step {
  What what = What::more;
  std::size_t used = 0;  // of what was handed in; a head's and content's views borrow those bytes
  ByteView content = {};
};

}  // namespace yam::proto::http
