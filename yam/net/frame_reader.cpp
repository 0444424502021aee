#include "yam/net/frame_reader.hpp"

namespace yam::net {

Task<Result<std::optional<std::string>>> FrameReader::next(Time deadline) {
  constexpr std::size_t piece_bytes = 65'536;
  for (;;) {
    if (const auto frame = unframer_.poll_frame()) co_return string_of(*frame);
    if (!taken_) co_return fail(taken_.error());
    if (ended_) co_return std::nullopt;
    Bytes piece(piece_bytes);
    const auto count = co_await stream_.read(piece, deadline);
    if (!count) co_return fail(count.error());
    ended_ = *count == 0 && !stream_.keeps_messages();
    taken_ = ended_ ? unframer_.handle_end() : unframer_.handle_bytes(ByteView(piece).first(*count));
  }
}

}  // namespace yam::net
