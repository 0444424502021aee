#include "yam/proto/http/multipart_ranges.hpp"

#include <cassert>
#include <utility>

#include "yam/proto/http/head_writer.hpp"

namespace yam::proto::http {

MultipartRanges::MultipartRanges(std::string boundary, std::string_view content_type,
                                 std::vector<ByteRange> ranges, std::uint64_t size_bytes)
    : boundary_(std::move(boundary)),
      content_type_(content_type),
      ranges_(std::move(ranges)),
      size_bytes_(size_bytes) {}

std::string MultipartRanges::content_type() const {
  return "multipart/byteranges; boundary=" + boundary_;
}

std::uint64_t MultipartRanges::body_bytes() const {
  std::uint64_t bytes = end().size();
  for (std::size_t i = 0; i < ranges_.size(); ++i)
    bytes += before(i).size() + ranges_[i].bytes;
  return bytes;
}

std::string MultipartRanges::before(std::size_t index) const {
  std::string part = index == 0 ? "--" : "\r\n--";
  part.append(boundary_).append("\r\n");
  HeadWriter head(part);
  if (!content_type_.empty()) head.field("Content-Type", content_type_);
  head.field("Content-Range", write_content_range(ranges_[index], size_bytes_));
  const auto written = head.finish();
  assert(written);  // both names are ours
  static_cast<void>(written);
  return part;
}

std::string MultipartRanges::end() const {
  return "\r\n--" + boundary_ + "--\r\n";
}

}  // namespace yam::proto::http
