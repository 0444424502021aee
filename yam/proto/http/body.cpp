#include "yam/proto/http/body.hpp"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <iterator>

#include <fmt/format.h>

#include "yam/proto/http/head_writer.hpp"

namespace yam::proto::http {

BodyReader::BodyReader(const Framing& framing) {
  switch (framing.body) {
    case Body::none:
    case Body::tunnel:
      break;
    case Body::length:
      body_ = Counted{framing.length_bytes};
      break;
    case Body::chunked:
      body_.emplace<ChunkedDecoder>();
      break;
    case Body::until_close:
      body_ = UntilClose{};
      break;
  }
}

Checked<BodyStep> BodyReader::handle_bytes(ByteView unread) {
  if (auto* chunked = std::get_if<ChunkedDecoder>(&body_)) return chunked->handle_bytes(unread);
  std::uint64_t take = unread.size();
  if (auto* counted = std::get_if<Counted>(&body_)) {
    take = std::min(take, counted->left_bytes);
    counted->left_bytes -= take;
  } else if (done()) {
    take = 0;
  }
  return BodyStep{static_cast<std::size_t>(take), unread.first(static_cast<std::size_t>(take))};
}

Checked<void> BodyReader::handle_end() {
  if (auto* until_close = std::get_if<UntilClose>(&body_)) until_close->ended = true;
  if (!done()) return refuse(400, "a body that is cut off");
  return {};
}

bool BodyReader::done() const {
  if (const auto* counted = std::get_if<Counted>(&body_)) return counted->left_bytes == 0;
  if (const auto* until_close = std::get_if<UntilClose>(&body_)) return until_close->ended;
  return std::get<ChunkedDecoder>(body_).done();
}

std::optional<std::uint64_t> BodyReader::left_bytes() const {
  const auto* counted = std::get_if<Counted>(&body_);
  return counted != nullptr ? std::optional(counted->left_bytes) : std::nullopt;
}

void BodyReader::skip(std::uint64_t bytes) {
  auto& counted = std::get<Counted>(body_);
  assert(bytes <= counted.left_bytes);
  counted.left_bytes -= bytes;
}

void BodyReader::collect_trailers(Fields& fields, std::size_t& dropped) const {
  fields.clear();
  dropped = 0;
  if (const auto* chunked = std::get_if<ChunkedDecoder>(&body_)) chunked->collect_trailers(fields, dropped);
}

Result<void> BodyWriter::frame(std::string& out, std::uint64_t bytes) {
  if (bytes == 0) return {};  // an empty chunk would be the last one
  const bool counted = framing_.body == Body::none || framing_.body == Body::length;
  if (finished_ || (counted && bytes > left_bytes_))
    return fail(Code::usage, "more content than the head announced");
  if (counted) left_bytes_ -= bytes;
  if (framing_.body == Body::chunked) {
    fmt::format_to(std::back_inserter(out), "{}{:x}\r\n", chunk_open_ ? "\r\n" : "", bytes);
    chunk_open_ = true;
  }
  return {};
}

Result<void> BodyWriter::finish(std::string& out, std::span<const Field> trailers) {
  if (finished_) return {};
  if (framing_.body == Body::length && left_bytes_ > 0)
    return fail(Code::usage, "less content than the head announced");
  if (framing_.body == Body::chunked) {
    for (const Field& trailer : trailers)
      if (!may_be_trailer(trailer.name))
        return fail(Code::usage, fmt::format("a trailer that may not be one: {}", trailer.name));
    HeadWriter writer(out);
    writer.last_chunk(chunk_open_);
    for (const Field& trailer : trailers)
      writer.field(trailer.name, trailer.value);
    if (auto ended = writer.finish(); !ended) return ended;
  }
  finished_ = true;
  return {};
}

}  // namespace yam::proto::http
