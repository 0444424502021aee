#pragma once
// What a peer gets for a file that it has put here: a JSON object that says what is there now.

#include <cstdint>
#include <string>
#include <string_view>

namespace yam::service {

struct HttpReceipt {
  std::string name;  // beneath the served folder
  std::uint64_t size = 0;
  std::string sha256;  // hex
};

// {"name":"a/b.txt","size":12,"sha256":"…"} without a line's end.
std::string receipt_text(const HttpReceipt& receipt);

}  // namespace yam::service
