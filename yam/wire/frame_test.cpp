#include "yam/wire/frame.hpp"

#include <gtest/gtest.h>

namespace yam::wire {
namespace {

using namespace std::string_view_literals;

FrameKind kind_of(std::string_view name) {
  return parse_frame_kind(name).value();
}

TEST(FrameOnto, writes_each_kind_byte_for_byte) {
  const struct {
    std::string_view kind;
    std::string_view message;
    std::string_view frame;
  } rows[] = {
      {"lines", "hello", "hello\n"},
      {"lines", "", "\n"},
      {"lines", "a\rb", "a\rb\n"},
      {"crlf", "hello", "hello\r\n"},
      {"crlf", "hello\r", "hello\r\r\n"},
      {"delimiter:END", "hello", "helloEND"},
      {"delimiter:END", "hello EN", "hello ENEND"},
      {"delimiter:\\x00", "hello", "hello\0"sv},
      {"u8", "hello", "\x05hello"},
      {"u16", "hello", "\0\x05hello"sv},
      {"u16le", "hello", "\x05\0hello"sv},
      {"u32", "hello", "\0\0\0\x05hello"sv},
      {"u32le", "hello", "\x05\0\0\0hello"sv},
      {"u8+self", "hello", "\x06hello"},
      {"u16+self", "hello", "\0\x07hello"sv},
      {"u16le+self", "", "\x02\0"sv},
      {"u32+self", "hello", "\0\0\0\x09hello"sv},
      {"u32le+self", "hello", "\x09\0\0\0hello"sv},
      {"varint", "hello", "\x05hello"},
      {"netstring", "hello", "5:hello,"},
      {"netstring", "", "0:,"},
  };
  for (const auto& row : rows) {
    Bytes out = copy_of(bytes_of("before"));
    ASSERT_TRUE(frame_onto(out, kind_of(row.kind), bytes_of(row.message))) << row.kind;
    EXPECT_EQ(text_of(out), "before" + std::string(row.frame)) << row.kind;
  }
}

TEST(FrameOnto, writes_lengths_of_more_than_a_byte) {
  const std::string message(300, 'x');
  const struct {
    std::string_view kind;
    std::string_view header;
  } rows[] = {
      {"u16", "\x01\x2c"},    {"u16le", "\x2c\x01"},     {"u16+self", "\x01\x2e"},
      {"varint", "\xac\x02"}, {"u32", "\0\0\x01\x2c"sv}, {"u32le+self", "\x30\x01\0\0"sv},
      {"netstring", "300:"},
  };
  for (const auto& row : rows) {
    Bytes out;
    ASSERT_TRUE(frame_onto(out, kind_of(row.kind), bytes_of(message))) << row.kind;
    EXPECT_EQ(text_of(out).substr(0, row.header.size()), row.header) << row.kind;
  }
}

TEST(FrameOnto, refuses_what_the_kind_cannot_carry) {
  const std::string any_bytes = "u16, u32, varint and netstring carry any bytes";
  const std::string long_one(65536, 'x');
  const std::string_view long_text = long_one;
  const struct {
    std::string_view kind;
    std::string_view message;
    std::string what;
    std::string hint;
  } rows[] = {
      {"lines", "two\nlines", "a line cannot carry the newline at byte 4", any_bytes},
      {"crlf", "\n", "a line cannot carry the newline at byte 1", any_bytes},
      {"lines", "end\r", "a line cannot end in CR: it would be read as part of the line end", any_bytes},
      {"delimiter:END", "the END.", "the message holds the delimiter END at byte 5", any_bytes},
      {"delimiter:aa", "xa", "the message holds the delimiter aa at byte 2", any_bytes},
      {"delimiter:\\x00", "\0"sv, "the message holds the delimiter \\x00 at byte 1", any_bytes},
      {"u8", long_text.substr(0, 256), "a message of 256 bytes does not fit a u8 frame: at most 255", ""},
      {"u8+self", long_text.substr(0, 255),
       "a message of 255 bytes does not fit a u8+self frame: at most 254", ""},
      {"u16", long_text, "a message of 65536 bytes does not fit a u16 frame: at most 65535", ""},
      {"u16le+self", long_text.substr(0, 65534),
       "a message of 65534 bytes does not fit a u16le+self frame: at most 65533", ""},
  };
  for (const auto& row : rows) {
    Bytes out = copy_of(bytes_of("before"));
    const Result<void> framed = frame_onto(out, kind_of(row.kind), bytes_of(row.message));
    ASSERT_FALSE(framed) << row.kind;
    EXPECT_EQ(framed.error(), (Error{Code::usage, row.what, row.hint}));
    EXPECT_EQ(text_of(out), "before") << "a refused message leaves nothing behind";
  }
}

TEST(FrameOnto, keeps_the_limit_for_every_kind) {
  for (const std::string_view kind : {"lines", "crlf", "delimiter:;", "u8", "u32le", "varint", "netstring"}) {
    Bytes out;
    EXPECT_TRUE(frame_onto(out, kind_of(kind), bytes_of("12345"), 5)) << kind;
    const Result<void> framed = frame_onto(out, kind_of(kind), bytes_of("123456"), 5);
    ASSERT_FALSE(framed) << kind;
    EXPECT_EQ(framed.error(), (Error{Code::usage, "a message of 6 bytes is over the limit of 5", ""}));
  }
}

}  // namespace
}  // namespace yam::wire
