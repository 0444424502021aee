#include "yam/service/http_server/http_desk.hpp"

#include <algorithm>
#include <cstring>

namespace yam::service {

ByteSpan HttpInput::space() {
  make_room(1);
  return ByteSpan(bytes_).subspan(end_);
}

void HttpInput::append(ByteView bytes) {
  make_room(bytes.size());
  std::ranges::copy(bytes, bytes_.begin() + static_cast<std::ptrdiff_t>(end_));
  end_ += bytes.size();
}

void HttpInput::clear() {
  begin_ = end_ = 0;
  if (bytes_.size() > head_buffer_bytes) bytes_ = Bytes(head_buffer_bytes);
}

void HttpInput::make_room(std::size_t count) {
  if (begin_ == end_) begin_ = end_ = 0;
  if (bytes_.size() - end_ >= count) return;
  std::memmove(bytes_.data(), bytes_.data() + begin_, end_ - begin_);
  end_ -= begin_;
  begin_ = 0;
  while (bytes_.size() - end_ < count)
    bytes_.resize(2 * bytes_.size());
}

std::unique_ptr<HttpDesk> HttpDesks::lend() {
  if (free_.empty()) return std::make_unique<HttpDesk>();
  auto desk = std::move(free_.back());
  free_.pop_back();
  return desk;
}

void HttpDesks::take_back(std::unique_ptr<HttpDesk> desk) {
  if (free_.size() >= kept_max) return;
  if (!desk->conversation.is_idle()) desk->conversation = proto::http::ServerConversation();
  desk->input.clear();
  desk->output.clear();
  if (desk->output.capacity() > kept_output_bytes) desk->output = std::string();
  free_.push_back(std::move(desk));
}

}  // namespace yam::service
