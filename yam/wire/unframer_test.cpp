#include "yam/wire/unframer.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "yam/base/random.hpp"

namespace yam::wire {
namespace {

using namespace std::string_view_literals;
using Messages = std::vector<std::string>;

constexpr std::string_view every_kind[] = {
    "lines",         "crlf",     "delimiter:;", "delimiter:\\r\\n\\r\\n",
    "delimiter:aab", "u8",       "u16",         "u16le",
    "u32",           "u32le",    "u8+self",     "u16+self",
    "u16le+self",    "u32+self", "u32le+self",  "varint",
    "netstring"};

FrameKind kind_of(std::string_view name) {
  return parse_frame_kind(name).value();
}

// All that came of a stream: what a receiver could tell.
struct Heard {
  Messages messages;
  std::string fault;
  bool operator==(const Heard&) const = default;
};
void PrintTo(const Heard& heard, std::ostream* out) {
  for (const std::string& message : heard.messages)
    *out << '[' << testing::PrintToString(message) << ']';
  *out << " fault: " << heard.fault;
}

// Feeds `stream` in pieces of the sizes that `next_size` gives, then the end.
template <class NextSize>
Heard hear_cut(std::string_view kind, std::string_view stream, std::size_t limit, NextSize next_size) {
  Heard heard;
  Unframer unframer(kind_of(kind), limit);
  const auto drain = [&](const Result<void>& taken) {
    while (const auto message = unframer.poll_frame())
      heard.messages.push_back(string_of(*message));
    if (taken) return true;
    EXPECT_EQ(taken.error().code, Code::protocol);
    EXPECT_EQ(unframer.handle_end().error(), taken.error()) << "a fault is final";
    heard.fault = taken.error().what;
    return false;
  };
  while (!stream.empty()) {
    const std::size_t size = std::min<std::size_t>(next_size(), stream.size());
    if (!drain(unframer.handle_bytes(bytes_of(stream.substr(0, size))))) return heard;
    stream.remove_prefix(size);
  }
  drain(unframer.handle_end());
  return heard;
}

Heard hear(std::string_view kind, std::string_view stream, std::size_t limit = 8) {
  return hear_cut(kind, stream, limit, [&] { return stream.size(); });
}
Heard hear_by_byte(std::string_view kind, std::string_view stream, std::size_t limit = 8) {
  return hear_cut(kind, stream, limit, [] { return 1; });
}

struct Row {
  std::string_view kind;
  std::string_view stream;
  Heard heard;
};

const Row good_rows[] = {
    {"lines", "", {{}, ""}},
    {"lines", "one\ntwo\n", {{"one", "two"}, ""}},
    {"lines", "one\r\ntwo\r\n", {{"one", "two"}, ""}},
    {"crlf", "one\ntwo\r\n", {{"one", "two"}, ""}},
    {"lines", "\n\r\n\n", {{"", "", ""}, ""}},
    {"lines", "a\rb\n\rc\r\r\n", {{"a\rb", "\rc\r"}, ""}},
    {"lines", "12345678\n12345678\r\n", {{"12345678", "12345678"}, ""}},
    {"lines", "one\nlast", {{"one", "last"}, ""}},
    {"lines", "one\nlast\r", {{"one", "last"}, ""}},
    {"lines", "12345678", {{"12345678"}, ""}},
    {"delimiter:;", "one;;two;", {{"one", "", "two"}, ""}},
    {"delimiter:END", "oneENDEN ENDE ENENDEND", {{"one", "EN ", "E EN", ""}, ""}},
    {"delimiter:aab", "aaabaab", {{"a", ""}, ""}},
    {"delimiter:END", "12345678END", {{"12345678"}, ""}},
    {"u8",
     "\x03one\0\x08"
     "12345678"sv,
     {{"one", "", "12345678"}, ""}},
    {"u16", "\0\x03one\0\0"sv, {{"one", ""}, ""}},
    {"u16le", "\x03\0one\0\0"sv, {{"one", ""}, ""}},
    {"u32", "\0\0\0\x03one\0\0\0\0"sv, {{"one", ""}, ""}},
    {"u32le", "\x03\0\0\0one\0\0\0\0"sv, {{"one", ""}, ""}},
    {"u8+self",
     "\x04one\x01\x09"
     "12345678",
     {{"one", "", "12345678"}, ""}},
    {"u16+self", "\0\x05one\0\x02"sv, {{"one", ""}, ""}},
    {"u32le+self", "\x07\0\0\0one\x04\0\0\0"sv, {{"one", ""}, ""}},
    {"varint",
     "\x03one\0\x08"
     "12345678"sv,
     {{"one", "", "12345678"}, ""}},
    {"netstring", "3:one,0:,8:12345678,", {{"one", "", "12345678"}, ""}},
    {"netstring", "3:,:,,", {{",:,"}, ""}},
};

const Row bad_rows[] = {
    {"lines", "ok\n123456789\n", {{"ok"}, "broken lines frame: longer than the limit of 8 bytes"}},
    {"lines", "123456789", {{}, "broken lines frame: longer than the limit of 8 bytes"}},
    {"crlf", "123456789\r\n", {{}, "broken crlf frame: longer than the limit of 8 bytes"}},
    {"lines", "12345678\r\r\n", {{}, "broken lines frame: longer than the limit of 8 bytes"}},
    {"delimiter:END", "123456789END", {{}, "broken delimiter:END frame: longer than the limit of 8 bytes"}},
    {"delimiter:;", "a;b", {{"a"}, "the stream ended inside a delimiter:; frame, 1 bytes into it"}},
    {"u8", "\x02ok\x09", {{"ok"}, "broken u8 frame: longer than the limit of 8 bytes"}},
    {"u16", "\xff\xff", {{}, "broken u16 frame: longer than the limit of 8 bytes"}},
    {"u32", "\xff\xff\xff\xff", {{}, "broken u32 frame: longer than the limit of 8 bytes"}},
    {"u32le+self", "\x0d\0\0\0"sv, {{}, "broken u32le+self frame: longer than the limit of 8 bytes"}},
    {"u8+self", "\0"sv, {{}, "broken u8+self frame: its length of 0 is less than its own prefix"}},
    {"u16+self", "\0\x01"sv, {{}, "broken u16+self frame: its length of 1 is less than its own prefix"}},
    {"u32le+self",
     "\x03\0\0\0"sv,
     {{}, "broken u32le+self frame: its length of 3 is less than its own prefix"}},
    {"u16", "\0\x03on"sv, {{}, "the stream ended inside a u16 frame, 4 bytes into it"}},
    {"u32", "\0"sv, {{}, "the stream ended inside a u32 frame, 1 bytes into it"}},
    {"varint", "\x09", {{}, "broken varint frame: longer than the limit of 8 bytes"}},
    {"varint", "\x80\0"sv, {{}, "broken varint frame: its length is written longer than need be"}},
    {"varint", "\x83\x80\0"sv, {{}, "broken varint frame: its length is written longer than need be"}},
    {"varint",
     "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
     {{}, "broken varint frame: longer than the limit of 8 bytes"}},
    {"varint",
     "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02",
     {{}, "broken varint frame: its length does not fit 64 bits"}},
    {"varint",
     "\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80",
     {{}, "broken varint frame: its length does not fit 64 bits"}},
    {"varint", "\x83", {{}, "the stream ended inside a varint frame, 1 bytes into it"}},
    {"netstring", "9:", {{}, "broken netstring frame: longer than the limit of 8 bytes"}},
    {"netstring",
     "99999999999999999999999999",
     {{}, "broken netstring frame: longer than the limit of 8 bytes"}},
    {"netstring", "03:one,", {{}, "broken netstring frame: its length has a leading zero"}},
    {"netstring", "00:,", {{}, "broken netstring frame: its length has a leading zero"}},
    {"netstring", "3:one;", {{}, "broken netstring frame: no ',' after its 3 bytes"}},
    {"netstring", "2:ok,3:one\n", {{"ok"}, "broken netstring frame: no ',' after its 3 bytes"}},
    {"netstring", ":,", {{}, "broken netstring frame: a digit must come where ':' is"}},
    {"netstring", "-1:", {{}, "broken netstring frame: a digit must come where '-' is"}},
    {"netstring", "3 :", {{}, "broken netstring frame: a digit or ':' must come where '\\x20' is"}},
    {"netstring", "3:one", {{}, "the stream ended inside a netstring frame, 5 bytes into it"}},
    {"netstring", "3", {{}, "the stream ended inside a netstring frame, 1 bytes into it"}},
};

TEST(Unframer, every_row_whole_and_byte_by_byte) {
  for (const Row& row : good_rows) {
    EXPECT_EQ(hear(row.kind, row.stream), row.heard) << row.kind;
    EXPECT_EQ(hear_by_byte(row.kind, row.stream), row.heard) << row.kind;
  }
  for (const Row& row : bad_rows) {
    EXPECT_EQ(hear(row.kind, row.stream), row.heard) << row.kind;
    EXPECT_EQ(hear_by_byte(row.kind, row.stream), row.heard) << row.kind;
  }
}

TEST(Unframer, junk_behind_whole_frames_takes_none_of_them_away) {
  for (const Row& row : good_rows) {
    const bool last_line_is_open =
        std::holds_alternative<Lines>(kind_of(row.kind)) && !row.stream.empty() && row.stream.back() != '\n';
    if (last_line_is_open) continue;
    Heard heard = hear(row.kind, std::string(row.stream) + std::string(40, '\xff'));
    ASSERT_GE(heard.messages.size(), row.heard.messages.size()) << row.kind;
    EXPECT_NE(heard.fault, "") << row.kind;
    heard.messages.resize(row.heard.messages.size());
    EXPECT_EQ(heard.messages, row.heard.messages) << row.kind;
  }
}

TEST(Unframer, junk_behind_a_fault_changes_nothing) {
  for (const Row& row : bad_rows) {
    if (row.heard.fault.starts_with("the stream ended")) continue;
    EXPECT_EQ(hear(row.kind, std::string(row.stream) + "3:one,\n;\n"), row.heard) << row.kind;
  }
}

TEST(Unframer, a_fault_is_final_and_lets_go_of_what_is_broken) {
  Unframer unframer(Netstring{}, 8);
  const Result<void> first = unframer.handle_bytes(bytes_of("2:ok,junk"));
  ASSERT_FALSE(first);
  EXPECT_EQ(unframer.buffered(), 5u);
  EXPECT_EQ(unframer.handle_bytes(bytes_of("3:one,")).error(), first.error());
  EXPECT_EQ(text_of(*unframer.poll_frame()), "ok") << "whole before the fault, so still there";
  EXPECT_FALSE(unframer.poll_frame());
  EXPECT_EQ(unframer.buffered(), 0u);
}

TEST(Unframer, frames_left_unpolled_are_kept) {
  Unframer unframer(Lines{});
  ASSERT_TRUE(unframer.handle_bytes(bytes_of("one\ntwo\nth")));
  EXPECT_EQ(text_of(*unframer.poll_frame()), "one");
  ASSERT_TRUE(unframer.handle_bytes(bytes_of("ree\nfo")));
  ASSERT_TRUE(unframer.handle_bytes(bytes_of("ur\n")));
  for (const char* line : {"two", "three", "four"})
    EXPECT_EQ(text_of(*unframer.poll_frame()), line);
  EXPECT_FALSE(unframer.poll_frame());
}

TEST(Unframer, holds_no_more_than_has_arrived_whatever_is_announced) {
  Unframer unframer(kind_of("u32"), 0xffffffff);
  ASSERT_TRUE(
      unframer.handle_bytes(bytes_of("\xff\xff\xff\xff"
                                     "123")));
  EXPECT_EQ(unframer.buffered(), 7u);
}

TEST(Unframer, a_limit_of_everything_and_a_limit_of_nothing) {
  for (const std::string_view kind : every_kind) {
    for (const std::size_t limit : {std::size_t{0}, static_cast<std::size_t>(-1)}) {
      Bytes stream;
      ASSERT_TRUE(frame_onto(stream, kind_of(kind), {}, limit)) << kind;
      EXPECT_EQ(hear(kind, text_of(stream), limit), (Heard{{""}, ""})) << kind;
      EXPECT_EQ(hear_by_byte(kind, text_of(stream), limit), (Heard{{""}, ""})) << kind;
    }
  }
}

// A message that the kind can carry: letters that often look like its delimiter, for half of them any byte.
std::string random_message(Random& random, std::size_t bytes_max) {
  const bool any_byte = random.next() % 2 == 0;
  std::string message(random.next() % (bytes_max + 1), '\0');
  for (char& c : message)
    c = any_byte ? static_cast<char>(random.next()) : "aab\r;1:,"[random.next() % 8];
  return message;
}

TEST(Unframer, what_is_framed_comes_back_however_it_is_cut) {
  constexpr std::size_t limit = 200;
  for (const std::string_view kind : every_kind) {
    for (std::uint64_t seed = 0; seed < 30; ++seed) {
      Random random(seed);
      Heard sent;
      Bytes stream;
      for (int i = 0; i < 20; ++i) {
        const std::string message = random_message(random, random.next() % 2 ? 8 : limit);
        if (frame_onto(stream, kind_of(kind), bytes_of(message), limit)) sent.messages.push_back(message);
      }
      EXPECT_FALSE(sent.messages.empty());
      EXPECT_EQ(hear(kind, text_of(stream), limit), sent) << kind << " seed " << seed;
      EXPECT_EQ(hear_by_byte(kind, text_of(stream), limit), sent) << kind << " seed " << seed;
      const Heard cut = hear_cut(kind, text_of(stream), limit, [&] { return 1 + random.next() % 50; });
      EXPECT_EQ(cut, sent) << kind << " seed " << seed;
    }
  }
}

TEST(Unframer, damaged_streams_give_the_same_however_they_are_cut) {
  constexpr std::size_t limit = 20;
  for (const std::string_view kind : every_kind) {
    for (std::uint64_t seed = 0; seed < 60; ++seed) {
      Random random(seed);
      Bytes bytes;
      for (int i = 0; i < 10; ++i) {
        const std::string message = random_message(random, limit);
        if (!frame_onto(bytes, kind_of(kind), bytes_of(message), limit)) continue;
        if (random.next() % 4 == 0)
          bytes[random.next() % bytes.size()] = static_cast<std::byte>(random.next());
      }
      if (bytes.empty()) continue;
      bytes.resize(1 + random.next() % bytes.size());
      const Heard whole = hear(kind, text_of(bytes), limit);
      EXPECT_EQ(hear_by_byte(kind, text_of(bytes), limit), whole) << kind << " seed " << seed;
      const Heard cut = hear_cut(kind, text_of(bytes), limit, [&] { return 1 + random.next() % 9; });
      EXPECT_EQ(cut, whole) << kind << " seed " << seed;
    }
  }
}

}  // namespace
}  // namespace yam::wire
