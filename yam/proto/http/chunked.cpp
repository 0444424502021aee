#include "yam/proto/http/chunked.hpp"

#include <algorithm>
#include <string_view>

#include "yam/proto/http/syntax.hpp"

namespace yam::proto::http {
namespace {

constexpr std::string_view never_trailers[] = {
    "Age",
    "Authorization",
    "Cache-Control",
    "Connection",
    "Content-Range",
    "Content-Encoding",
    "Content-Length",
    "Content-Type",
    "Cookie",
    "Date",
    "Expect",
    "Expires",
    "Host",
    "If-Match",
    "If-Modified-Since",
    "If-None-Match",
    "If-Range",
    "Keep-Alive",
    "If-Unmodified-Since",
    "Location",
    "Max-Forwards",
    "Pragma",
    "Proxy-Authenticate",
    "Proxy-Authorization",
    "Range",
    "Retry-After",
    "Set-Cookie",
    "TE",
    "Trailer",
    "Transfer-Encoding",
    "Upgrade",
    "Vary",
    "Warning",
    "WWW-Authenticate",
    "Origin",
    "Content-Disposition",
};

}  // namespace

bool may_be_trailer(std::string_view name) {
  return std::ranges::none_of(never_trailers, [&](std::string_view never) { return same_word(never, name); });
}

Checked<BodyStep> ChunkedDecoder::handle_bytes(ByteView unread) {
  std::size_t used = 0;
  while (used < unread.size() && state_ != State::done) {
    if (state_ == State::content) {
      const std::size_t take = std::min<std::uint64_t>(left_bytes_, unread.size() - used);
      left_bytes_ -= take;
      if (left_bytes_ == 0) state_ = State::content_cr;
      return BodyStep{used + take, unread.subspan(used, take)};
    }
    if (state_ == State::trailers) {
      const auto read = read_trailers(unread.subspan(used));
      if (!read) return refuse(read.error());
      used += *read;
      continue;
    }
    if (auto read = read_byte(static_cast<char>(unread[used])); !read) return refuse(read.error());
    ++used;
  }
  return BodyStep{used, {}};
}

Checked<void> ChunkedDecoder::read_byte(char c) {
  switch (state_) {
    case State::extension:
      if (c != '\r') {
        if (!is_value_letter(c)) return refuse(400, "a control character in a chunk extension");
        if (++extension_bytes_ > chunk_extension_bytes_max)
          return refuse(400, "a chunk extension that is too long");
        return {};
      }
      state_ = State::size_lf;
      return {};
    case State::size_lf:
      if (c != '\n') return refuse(400, "a CR without LF behind a chunk size");
      state_ = left_bytes_ == 0 ? State::trailers : State::content;
      return {};
    case State::content_cr:
      if (c != '\r') return refuse(400, "a chunk that is longer than its size");
      state_ = State::content_lf;
      return {};
    case State::content_lf:
      if (c != '\n') return refuse(400, "a CR without LF behind a chunk");
      state_ = State::size_start;
      digits_ = extension_bytes_ = 0;
      return {};
    default:
      return read_size(c);
  }
}

Checked<void> ChunkedDecoder::read_size(char c) {
  const int digit = state_ == State::size_blank ? -1 : hex_value(c);
  if (digit >= 0) {
    if (++digits_ > chunk_size_digits_max) return refuse(400, "a chunk size that is too long");
    left_bytes_ = left_bytes_ * 16 + static_cast<std::uint64_t>(digit);
    state_ = State::size;
    return {};
  }
  if (state_ == State::size_start) return refuse(400, "a chunk without a size");
  if (c == ';') {
    state_ = State::extension;
    return {};
  }
  if (is_blank(c)) {  // §7.1.1 lets blanks stand before the ";" alone
    if (++extension_bytes_ > chunk_extension_bytes_max)
      return refuse(400, "a chunk extension that is too long");
    state_ = State::size_blank;
    return {};
  }
  if (c != '\r' || state_ == State::size_blank) return refuse(400, "a chunk size that is no number");
  state_ = State::size_lf;
  return {};
}

// Most bodies have no trailers, so the first look is at the two bytes of the empty line.
Checked<std::size_t> ChunkedDecoder::read_trailers(ByteView unread) {
  constexpr std::size_t step_bytes = 512;
  if (trailers_.size() == trailer_bytes_max) return refuse(431, "trailers that are too long");
  const std::size_t step = trailers_.size() < 2 ? 2 - trailers_.size() : step_bytes;
  const std::size_t before = trailers_at_;
  trailers_ += text_of(unread.first(std::min({unread.size(), step, trailer_bytes_max - trailers_.size()})));
  const auto ended = scanner_.scan(trailers_, trailers_at_);
  if (!ended) return refuse(ended.error());
  trailers_.resize(trailers_at_);
  if (*ended) state_ = State::done;
  return trailers_at_ - before;
}

void ChunkedDecoder::collect_trailers(Fields& fields, std::size_t& dropped) const {
  Fields all;
  fields.clear();
  dropped = 0;
  if (trailers_at_ > 2) scanner_.collect(trailers_, all);
  for (const Field& field : all) {
    if (may_be_trailer(field.name))
      fields.add(field);
    else
      ++dropped;
  }
}

}  // namespace yam::proto::http
