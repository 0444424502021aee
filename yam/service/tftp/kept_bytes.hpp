#pragma once
// What a transfer sends that lies in no file as it goes out (text on its way into netascii, the bytes of a
// stream): kept from when it is appended until it is acknowledged, and no longer.

#include <cstddef>
#include <cstdint>

#include "yam/base/bytes.hpp"
#include "yam/proto/tftp/packet.hpp"

namespace yam::service {

// Offsets count the bytes that go out, from the first one.
class KeptBytes {
 public:
  explicit KeptBytes(proto::tftp::Mode mode) : mode_(mode) {}

  // Converts what is text (RFC 1350 §1).
  void append(ByteView local);
  // What stands before `offset` is not wanted again.
  void forget_before(std::uint64_t offset);
  // What stands from `offset` on: not forgotten, and all of it there. Until the next call that changes it.
  ByteView view(std::uint64_t offset, std::size_t bytes) const {
    return ByteView(bytes_).subspan(static_cast<std::size_t>(offset - begin_), bytes);
  }

  std::uint64_t end() const { return begin_ + bytes_.size(); }

 private:
  proto::tftp::Mode mode_;
  Bytes bytes_;
  std::uint64_t begin_ = 0;
};

}  // namespace yam::service
