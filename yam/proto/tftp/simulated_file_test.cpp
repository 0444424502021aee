#include "yam/proto/tftp/simulated_file_test.hpp"

#include <algorithm>
#include <array>

#include <gtest/gtest.h>

namespace yam::proto::tftp::simulated {

using namespace std::chrono_literals;

Source::Source(std::string_view file, Mode mode, bool grows, std::uint64_t seed)
    : file_(file), mode_(mode), grows_(grows), fates_(seed) {
  if (!grows) read({});
}

void Source::feed(Sender& sender, Time now) {
  kept_from_ = std::max(kept_from_, sender.source_kept_from());
  while (!ended_ && due_ <= now && bytes_.size() < sender.source_wanted_to())
    read(now);
  sender.handle_source(bytes_.size(), ended_, now);
}

Time Source::deadline(const Sender& sender) const {
  return ended_ || bytes_.size() >= sender.source_wanted_to() ? never : due_;
}

ByteView Source::block(const Sender& sender, std::uint64_t number) {
  const BlockRange range = sender.range(number);
  EXPECT_GE(range.offset, kept_from_) << "block " << number;
  EXPECT_LE(range.offset + range.bytes, bytes_.size()) << "block " << number;
  return ByteView(bytes_).subspan(range.offset, range.bytes);
}

void Source::read(Time now) {
  constexpr std::array<Duration, 4> pauses{0ms, 1ms, 30ms, 2s};
  const std::size_t left = file_.size() - read_;
  const std::size_t size = grows_ ? std::min<std::size_t>(left, fates_.next() % 3000) : left;
  const ByteView piece = bytes_of(file_.substr(read_, size));
  read_ += size;
  if (mode_ == Mode::netascii) {
    encode_netascii(piece, bytes_);
  } else {
    bytes_.insert(bytes_.end(), piece.begin(), piece.end());
  }
  ended_ = !grows_ || left == 0 || (size == left && fates_.chance(0.5));
  due_ = after(now, pauses.at(fates_.next() % (fates_.chance(0.1) ? 4 : 3)));
}

Sink::Sink(Mode mode) {
  if (mode == Mode::netascii) decoder_.emplace();
}

void Sink::take(ByteView bytes, std::string& file) {
  if (!decoder_) return static_cast<void>(file += text_of(bytes));
  Bytes local;
  decoder_->handle_bytes(bytes, local);
  file += text_of(local);
}

void Sink::end(std::string& file) {
  if (!decoder_) return;
  Bytes local;
  decoder_->handle_end(local);
  file += text_of(local);
}

}  // namespace yam::proto::tftp::simulated
