#include "yam/wire/frame_kind.hpp"

#include <gtest/gtest.h>

#include "yam/wire/escape.hpp"

namespace yam::wire {
namespace {

constexpr const char* kinds_hint =
    "kinds: lines, crlf, delimiter:TEXT, u8, u16, u16le, u32, u32le (each u… also with +self), varint, "
    "netstring";

TEST(FrameKind, each_name_is_parsed_and_printed_back) {
  const struct {
    const char* name;
    FrameKind kind;
  } rows[] = {
      {"lines", Lines{}},
      {"crlf", Lines{true}},
      {"delimiter:ABC", Delimited{copy_of(bytes_of("ABC"))}},
      {"delimiter:\\x00", Delimited{Bytes(1)}},
      {"delimiter:\\r\\n\\r\\n", Delimited{copy_of(bytes_of("\r\n\r\n"))}},
      {"delimiter:+self", Delimited{copy_of(bytes_of("+self"))}},
      {"u8", Prefixed{1, Order::network, false}},
      {"u16", Prefixed{2, Order::network, false}},
      {"u16le", Prefixed{2, Order::little, false}},
      {"u32", Prefixed{4, Order::network, false}},
      {"u32le", Prefixed{4, Order::little, false}},
      {"u8+self", Prefixed{1, Order::network, true}},
      {"u16+self", Prefixed{2, Order::network, true}},
      {"u16le+self", Prefixed{2, Order::little, true}},
      {"u32+self", Prefixed{4, Order::network, true}},
      {"u32le+self", Prefixed{4, Order::little, true}},
      {"varint", Varint{}},
      {"netstring", Netstring{}},
  };
  for (const auto& row : rows) {
    const Result<FrameKind> kind = parse_frame_kind(row.name);
    ASSERT_TRUE(kind) << row.name;
    EXPECT_EQ(*kind, row.kind) << row.name;
    EXPECT_EQ(name_of(row.kind), row.name);
  }
}

TEST(FrameKind, refuses_what_it_does_not_know) {
  const struct {
    std::string name;
    std::string what;
    std::string hint;
  } rows[] = {
      {"", "unknown frame kind \"\"", kinds_hint},
      {"line", "unknown frame kind \"line\"", kinds_hint},
      {"lines ", "unknown frame kind \"lines \"", kinds_hint},
      {"u64", "unknown frame kind \"u64\"", kinds_hint},
      {"u8le", "unknown frame kind \"u8le\"", kinds_hint},
      {"u16+me", "unknown frame kind \"u16+me\"", kinds_hint},
      {"varint+self", "unknown frame kind \"varint+self\"", kinds_hint},
      {"+self", "unknown frame kind \"+self\"", kinds_hint},
      {"delimiter", "unknown frame kind \"delimiter\"", kinds_hint},
      {"delimiter:", "a delimiter needs at least one byte", "such as delimiter:\\x00 or delimiter:END"},
      {"delimiter:" + std::string(65, 'x'), "a delimiter of 65 bytes is too long: at most 64", ""},
      {"delimiter:a\\q", "bad delimiter \"a\\\\q\": bad escape at column 2: unknown escape \\q",
       "escapes are \\n, \\r, \\t, \\0, \\\\ and \\xNN"},
  };
  for (const auto& row : rows) {
    const Result<FrameKind> kind = parse_frame_kind(row.name);
    ASSERT_FALSE(kind) << row.name;
    EXPECT_EQ(kind.error(), (Error{Code::usage, row.what, row.hint}));
  }
}

TEST(Escape, every_byte_comes_back) {
  Bytes bytes;
  for (int value = 0; value < 256; ++value)
    bytes.push_back(static_cast<std::byte>(value));
  const Result<Bytes> back = unescape_bytes(escape_bytes(bytes));
  ASSERT_TRUE(back);
  EXPECT_EQ(*back, bytes);
}

TEST(Escape, prints_and_reads_the_short_forms) {
  EXPECT_EQ(escape_bytes(bytes_of("a\\b\r\n\t ~\x7f\xe4")), "a\\\\b\\r\\n\\t\\x20~\\x7f\\xe4");
  EXPECT_EQ(text_of(*unescape_bytes("a b\\\\\\n\\x4A\\x4a\xe4")), "a b\\\nJJ\xe4");
  EXPECT_EQ(unescape_bytes("\\0")->front(), std::byte{0});
}

TEST(Escape, names_the_column_of_a_bad_one) {
  const struct {
    const char* text;
    const char* what;
  } rows[] = {
      {"\\", "bad escape at column 1: nothing follows the backslash"},
      {"ab\\", "bad escape at column 3: nothing follows the backslash"},
      {"ab\\x", "bad escape at column 3: \\x needs two hex digits"},
      {"\\x4", "bad escape at column 1: \\x needs two hex digits"},
      {"\\x4g", "bad escape at column 1: \\x needs two hex digits"},
      {"\\x-1", "bad escape at column 1: \\x needs two hex digits"},
      {"\\\n", "bad escape at column 1: unknown escape \\\\n"},
  };
  for (const auto& row : rows) {
    const Result<Bytes> bytes = unescape_bytes(row.text);
    ASSERT_FALSE(bytes) << row.text;
    EXPECT_EQ(bytes.error().what, row.what);
  }
}

}  // namespace
}  // namespace yam::wire
