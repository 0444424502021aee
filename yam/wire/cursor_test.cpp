#include <gtest/gtest.h>

#include "yam/wire/reader.hpp"
#include "yam/wire/writer.hpp"

namespace yam::wire {
namespace {

Bytes wire(std::initializer_list<int> values) {
  Bytes bytes;
  for (const int value : values)
    bytes.push_back(static_cast<std::byte>(value));
  return bytes;
}

TEST(Reader, reads_numbers_in_either_order) {
  const Bytes bytes = wire({1, 2, 3, 4, 5, 6, 7, 8, 9});
  EXPECT_EQ(Reader(bytes).u8(), 0x01);
  EXPECT_EQ(Reader(bytes).u16(), 0x0102);
  EXPECT_EQ(Reader(bytes).u24(), 0x010203u);
  EXPECT_EQ(Reader(bytes).u32(), 0x01020304u);
  EXPECT_EQ(Reader(bytes).u64(), 0x0102030405060708u);
  EXPECT_EQ(Reader(bytes).u16_le(), 0x0201);
  EXPECT_EQ(Reader(bytes).u24_le(), 0x030201u);
  EXPECT_EQ(Reader(bytes).u32_le(), 0x04030201u);
  EXPECT_EQ(Reader(bytes).u64_le(), 0x0807060504030201u);
}

TEST(Reader, a_short_read_is_absent_and_moves_nothing) {
  const Bytes bytes = wire({1, 2, 3});
  Reader reader(bytes);
  EXPECT_EQ(reader.u32(), std::nullopt);
  EXPECT_EQ(reader.u64_le(), std::nullopt);
  EXPECT_FALSE(reader.bytes(4));
  EXPECT_FALSE(reader.bytes(static_cast<std::size_t>(-1)));
  EXPECT_EQ(reader.left(), 3u);
  EXPECT_EQ(reader.u16(), 0x0102);
  EXPECT_EQ(reader.u16(), std::nullopt);
  EXPECT_EQ(reader.u8(), 3);
  EXPECT_TRUE(reader.at_end());
  EXPECT_EQ(reader.u8(), std::nullopt);
  EXPECT_EQ(reader.bytes(0)->size(), 0u);
}

TEST(Reader, a_c_string_ends_at_its_nul_within_the_limit) {
  using namespace std::string_view_literals;
  Reader reader(bytes_of("file\0octet\0\0tail"sv));
  EXPECT_EQ(reader.c_string(3), std::nullopt);
  EXPECT_EQ(reader.c_string(4), "file");
  EXPECT_EQ(reader.c_string(100), "octet");
  EXPECT_EQ(reader.c_string(0), "");
  EXPECT_EQ(reader.c_string(100), std::nullopt) << "no NUL";
  EXPECT_EQ(text_of(reader.rest()), "tail");
}

TEST(Writer, writes_what_the_reader_reads) {
  Bytes out;
  Writer writer(out, 100);
  writer.u8(1).u16(2).u24(3).u32(4).u64(5).u16_le(6).u24_le(7).u32_le(8).u64_le(9);
  writer.c_string("name").bytes(bytes_of("tail"));
  ASSERT_TRUE(writer.whole());
  Reader reader(out);
  EXPECT_EQ(reader.u8(), 1);
  EXPECT_EQ(reader.u16(), 2);
  EXPECT_EQ(reader.u24(), 3u);
  EXPECT_EQ(reader.u32(), 4u);
  EXPECT_EQ(reader.u64(), 5u);
  EXPECT_EQ(reader.u16_le(), 6);
  EXPECT_EQ(reader.u24_le(), 7u);
  EXPECT_EQ(reader.u32_le(), 8u);
  EXPECT_EQ(reader.u64_le(), 9u);
  EXPECT_EQ(reader.c_string(4), "name");
  EXPECT_EQ(text_of(reader.rest()), "tail");
}

TEST(Writer, appends_up_to_its_limit_and_nothing_after_a_refusal) {
  Bytes out = wire({9});
  Writer writer(out, 4);
  EXPECT_TRUE(writer.u16(0x0102).u16_le(0x0102).whole());
  EXPECT_FALSE(writer.u8(7).whole());
  EXPECT_EQ(out, wire({9, 1, 2, 2, 1}));

  Bytes early;
  EXPECT_FALSE(Writer(early, 4).u8(1).u32(2).u8(3).whole());
  EXPECT_EQ(early, wire({1})) << "a later field that would fit is refused too";
}

TEST(Writer, refuses_what_a_field_cannot_hold) {
  using namespace std::string_view_literals;
  Bytes out;
  EXPECT_FALSE(Writer(out, 100).u24(0x1000000).whole());
  EXPECT_FALSE(Writer(out, 100).u24_le(0x1000000).whole());
  EXPECT_FALSE(Writer(out, 100).c_string("a\0b"sv).whole());
  EXPECT_FALSE(Writer(out, 4).c_string("file").whole()) << "the NUL needs its byte";
  EXPECT_TRUE(out.empty());
  EXPECT_TRUE(Writer(out, 5).c_string("file").whole());
}

}  // namespace
}  // namespace yam::wire
