#pragma once
// What a transfer sends next, read while its peer is busy with what came before: a copy in the core's cache
// leaves sooner than what lies in a mapping. The transfers of a loop share one buffer, so only who has
// the loop to himself for the moment reads ahead. One thread.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

#include "yam/base/bytes.hpp"

namespace yam::service {

class ReadAhead {
 public:
  static constexpr std::size_t bytes_max =
      256 * 1024;  // fits into a core's own cache, with what else is there
  static constexpr std::size_t bytes_min = 16 * 1024;  // of less, a call more costs what it saves

  // A number that no other transfer of the loop has had.
  std::uint64_t add_transfer() { return ++transfers_; }
  // That one sends: true if no other one has sent since it did so last.
  bool note_sending(std::uint64_t transfer) { return std::exchange(sending_, transfer) == transfer; }

  // bytes_max of room; what was there is gone.
  ByteSpan room() {
    bytes_ = 0;
    if (!memory_) memory_.reset(new std::byte[bytes_max]);
    return {memory_.get(), bytes_max};
  }
  // The room's first bytes are those of `transfer` from `offset` on.
  void keep(std::uint64_t transfer, std::uint64_t offset, std::size_t bytes) {
    transfer_ = transfer;
    offset_ = offset;
    bytes_ = bytes;
  }
  // What is there of `transfer` from `offset` on; maybe nothing.
  ByteView view(std::uint64_t transfer, std::uint64_t offset) const {
    if (transfer != transfer_ || offset < offset_ || offset - offset_ >= bytes_) return {};
    const auto skipped = static_cast<std::size_t>(offset - offset_);
    return {memory_.get() + skipped, bytes_ - skipped};
  }

 private:
  std::uint64_t transfers_ = 0;
  std::uint64_t sending_ = 0;
  std::unique_ptr<std::byte[]> memory_;
  std::uint64_t transfer_ = 0;  // whose bytes are there
  std::uint64_t offset_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace yam::service
