#include "yam/wire/frame.hpp"

#include <algorithm>
#include <cassert>

#include "yam/wire/escape.hpp"

namespace yam::wire {
namespace {

using Found = Result<std::optional<FrontFrame>>;

constexpr std::size_t varint_bytes_max = 10;  // 64 bits in groups of 7
constexpr const char* any_bytes_hint = "u16, u32, varint and netstring carry any bytes";

std::unexpected<Error> broken(const FrameKind& kind, const std::string& why) {
  return fail(Code::protocol, "broken " + name_of(kind) + " frame: " + why);
}

std::unexpected<Error> too_long(const FrameKind& kind, std::size_t frame_bytes_max) {
  return broken(kind, "longer than the limit of " + std::to_string(frame_bytes_max) + " bytes");
}

// The frame whose header announced `message_bytes`, once that many (and `trailer_bytes`) are there.
Found announced(std::size_t header_bytes, std::size_t message_bytes, std::size_t trailer_bytes,
                ByteView bytes) {
  const std::size_t behind = bytes.size() - header_bytes;
  if (behind < message_bytes || behind - message_bytes < trailer_bytes) return std::nullopt;
  return FrontFrame{header_bytes, message_bytes, header_bytes + message_bytes + trailer_bytes};
}

// As much of `bytes` as a frame within the limit can take, so that a search never runs past it.
ByteView window(ByteView bytes, std::size_t frame_bytes_max, std::size_t framing_bytes) {
  if (frame_bytes_max >= bytes.size()) return bytes;
  return bytes.first(std::min(bytes.size(), frame_bytes_max + framing_bytes));
}

bool window_full(ByteView window, std::size_t frame_bytes_max, std::size_t framing_bytes) {
  return window.size() >= framing_bytes && window.size() - framing_bytes >= frame_bytes_max;
}

// ---- the front of a stream

Found front(const Lines& lines, ByteView bytes, std::size_t frame_bytes_max, std::size_t searched) {
  constexpr std::size_t line_end_bytes_max = 2;
  const ByteView seen = window(bytes, frame_bytes_max, line_end_bytes_max);
  const std::size_t end = text_of(seen).find('\n', searched);
  if (end == std::string_view::npos) {
    if (window_full(seen, frame_bytes_max, line_end_bytes_max)) return too_long(lines, frame_bytes_max);
    return std::nullopt;
  }
  const std::size_t message_bytes = end > 0 && seen[end - 1] == std::byte{'\r'} ? end - 1 : end;
  if (message_bytes > frame_bytes_max) return too_long(lines, frame_bytes_max);
  return FrontFrame{0, message_bytes, end + 1};
}

Found front(const Delimited& delimited, ByteView bytes, std::size_t frame_bytes_max, std::size_t searched) {
  const std::size_t delimiter_bytes = delimited.delimiter.size();
  assert(delimiter_bytes > 0);
  const ByteView seen = window(bytes, frame_bytes_max, delimiter_bytes);
  // The delimiter may have begun in what was searched.
  const std::size_t from = searched - std::min(searched, delimiter_bytes - 1);
  const std::size_t end = text_of(seen).find(text_of(delimited.delimiter), from);
  if (end != std::string_view::npos) return FrontFrame{0, end, end + delimiter_bytes};
  if (window_full(seen, frame_bytes_max, delimiter_bytes)) return too_long(delimited, frame_bytes_max);
  return std::nullopt;
}

Found front(const Prefixed& prefix, ByteView bytes, std::size_t frame_bytes_max, std::size_t) {
  const std::size_t prefix_bytes = prefix.prefix_bytes;
  if (bytes.size() < prefix_bytes) return std::nullopt;
  std::size_t length = load(bytes.first(prefix_bytes), prefix.order);
  if (prefix.counts_itself) {
    if (length < prefix_bytes) {
      return broken(prefix, "its length of " + std::to_string(length) + " is less than its own prefix");
    }
    length -= prefix_bytes;
  }
  if (length > frame_bytes_max) return too_long(prefix, frame_bytes_max);
  return announced(prefix_bytes, length, 0, bytes);
}

Found front(const Varint& varint, ByteView bytes, std::size_t frame_bytes_max, std::size_t) {
  std::uint64_t length = 0;
  for (std::size_t i = 0; i < std::min(bytes.size(), varint_bytes_max); ++i) {
    const auto group = std::to_integer<std::uint64_t>(bytes[i]);
    const bool last_possible = i + 1 == varint_bytes_max;
    if (last_possible && group > 1) return broken(varint, "its length does not fit 64 bits");
    length |= (group & 0x7f) << (7 * i);
    if (group & 0x80) continue;
    if (group == 0 && i > 0) return broken(varint, "its length is written longer than need be");
    if (length > frame_bytes_max) return too_long(varint, frame_bytes_max);
    return announced(i + 1, length, 0, bytes);
  }
  return std::nullopt;
}

Found front(const Netstring& netstring, ByteView bytes, std::size_t frame_bytes_max, std::size_t) {
  const std::string_view text = text_of(bytes);
  std::size_t length = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == ':' && i > 0) {
      const Found found = announced(i + 1, length, 1, bytes);
      if (*found && text[(*found)->frame_bytes - 1] != ',') {
        return broken(netstring, "no ',' after its " + std::to_string(length) + " bytes");
      }
      return found;
    }
    if (c < '0' || c > '9') {
      return broken(netstring, std::string(i == 0 ? "a digit" : "a digit or ':'") + " must come where '" +
                                   escape_bytes(bytes.subspan(i, 1)) + "' is");
    }
    if (i == 1 && length == 0) return broken(netstring, "its length has a leading zero");
    const auto digit = static_cast<std::size_t>(c - '0');
    if (length > frame_bytes_max / 10 || digit > frame_bytes_max - length * 10) {
      return too_long(netstring, frame_bytes_max);
    }
    length = length * 10 + digit;
  }
  return std::nullopt;
}

// ---- one message out

void append(Bytes& out, ByteView bytes) {
  out.insert(out.end(), bytes.begin(), bytes.end());
}

Result<void> put(Bytes& out, const Lines& lines, ByteView message) {
  const std::size_t newline = text_of(message).find('\n');
  if (newline != std::string_view::npos) {
    return fail(Code::usage, "a line cannot carry the newline at byte " + std::to_string(newline + 1),
                any_bytes_hint);
  }
  if (!lines.crlf && !message.empty() && message.back() == std::byte{'\r'}) {
    return fail(Code::usage, "a line cannot end in CR: it would be read as part of the line end",
                any_bytes_hint);
  }
  append(out, message);
  append(out, bytes_of(lines.crlf ? "\r\n" : "\n"));
  return {};
}

Result<void> put(Bytes& out, const Delimited& delimited, ByteView message) {
  assert(!delimited.delimiter.empty());
  const std::size_t start = out.size();
  append(out, message);
  append(out, delimited.delimiter);
  // Searched with the delimiter behind it: "xa" and "aa" make "xaaa", where it is met early.
  const std::size_t met = text_of(out).find(text_of(delimited.delimiter), start) - start;
  if (met == message.size()) return {};
  out.resize(start);
  return fail(Code::usage,
              "the message holds the delimiter " + escape_bytes(delimited.delimiter) + " at byte " +
                  std::to_string(met + 1),
              any_bytes_hint);
}

Result<void> put(Bytes& out, const Prefixed& prefix, ByteView message) {
  if (message.size() > prefix.message_bytes_max()) {
    return fail(Code::usage, "a message of " + std::to_string(message.size()) + " bytes does not fit a " +
                                 name_of(prefix) + " frame: at most " +
                                 std::to_string(prefix.message_bytes_max()));
  }
  const std::size_t length = message.size() + (prefix.counts_itself ? prefix.prefix_bytes : 0);
  out.resize(out.size() + prefix.prefix_bytes);
  store(ByteSpan(out).last(prefix.prefix_bytes), length, prefix.order);
  append(out, message);
  return {};
}

Result<void> put(Bytes& out, const Varint&, ByteView message) {
  std::uint64_t length = message.size();
  for (; length > 0x7f; length >>= 7)
    out.push_back(static_cast<std::byte>(length | 0x80));
  out.push_back(static_cast<std::byte>(length));
  append(out, message);
  return {};
}

Result<void> put(Bytes& out, const Netstring&, ByteView message) {
  append(out, bytes_of(std::to_string(message.size())));
  out.push_back(std::byte{':'});
  append(out, message);
  out.push_back(std::byte{','});
  return {};
}

}  // namespace

Result<void> frame_onto(Bytes& out, const FrameKind& kind, ByteView message, std::size_t frame_bytes_max) {
  if (message.size() > frame_bytes_max) {
    return fail(Code::usage, "a message of " + std::to_string(message.size()) +
                                 " bytes is over the limit of " + std::to_string(frame_bytes_max));
  }
  return std::visit([&](const auto& one) { return put(out, one, message); }, kind);
}

Found front_frame(const FrameKind& kind, ByteView bytes, std::size_t frame_bytes_max, std::size_t searched) {
  assert(searched <= bytes.size());
  if (bytes.empty()) return std::nullopt;
  return std::visit([&](const auto& one) { return front(one, bytes, frame_bytes_max, searched); }, kind);
}

}  // namespace yam::wire
