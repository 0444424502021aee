#pragma once
// What a peer gets for a file that it has put here: a JSON object that says what is there now.

#include <cstdint>
#include <optional>
#include <string>

#include "yam/base/bytes.hpp"
#include "yam/store/folder.hpp"

namespace yam::service {

struct HttpReceipt {
  std::string name;  // beneath the served folder
  std::uint64_t size = 0;
  Bytes sha256;
  std::optional<store::FileStatus> file = {};  // as it got its name
};

// {"name":"a/b.txt","size":12,"sha256":"…"} without a line's end.
std::string receipt_text(const HttpReceipt& receipt);

}  // namespace yam::service
