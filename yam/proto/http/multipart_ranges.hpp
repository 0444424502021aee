#pragma once
// The body of a 206 with several ranges (RFC 9110 §14.6), without its content: what comes before each range
// and what ends it all, so that the ranges themselves may go by sendfile. The length is known before.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "yam/proto/http/field/range.hpp"

namespace yam::proto::http {

class MultipartRanges {
 public:
  // `boundary` must not occur in the content: sixteen random letters or digits will not. `content_type` is
  // that of the whole; empty for none.
  MultipartRanges(std::string boundary, std::string_view content_type, std::vector<ByteRange> ranges,
                  std::uint64_t size_bytes);

  std::string content_type() const;  // for the answer's head
  std::uint64_t body_bytes() const;  // all of it

  const std::vector<ByteRange>& ranges() const { return ranges_; }
  std::string before(std::size_t index) const;  // the range of that index
  std::string end() const;                      // behind the last

 private:
  std::string boundary_, content_type_;
  std::vector<ByteRange> ranges_;
  std::uint64_t size_bytes_;
};

}  // namespace yam::proto::http
