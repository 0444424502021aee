#include "yam/wire/converter.hpp"

#include <algorithm>

#include <gtest/gtest.h>

namespace yam::wire {
namespace {

using Texts = std::vector<std::string>;
using Make = std::unique_ptr<Converter> (*)();

struct Made {
  Texts pieces;
  std::string fault;
  bool operator==(const Made&) const = default;
};

void take(Pieces& pieces, Made& into) {
  for (std::size_t i = 0; i < pieces.count(); ++i)
    into.pieces.push_back(string_of(pieces.piece(i)));
  pieces.clear();
}

// What comes of `input` when it arrives in pieces of so many bytes, and then ends.
Made convert(Converter& converter, std::string_view input, std::size_t piece_bytes) {
  Made made;
  Pieces out;
  Result<void> done;
  while (done && !input.empty()) {
    done = converter.handle_piece(bytes_of(input.substr(0, piece_bytes)), out);
    input.remove_prefix(std::min(piece_bytes, input.size()));
    take(out, made);
  }
  if (done) done = converter.handle_end(out);
  take(out, made);
  if (!done) made.fault = done.error().what;
  return made;
}

std::unique_ptr<Converter> to_u8() {
  return lines_to_frames(parse_frame_kind("u8").value());
}
std::unique_ptr<Converter> from_u8() {
  return frames_to_lines(parse_frame_kind("u8").value());
}
std::unique_ptr<Converter> apart_u8() {
  return frames_apart(parse_frame_kind("u8").value());
}
std::unique_ptr<Converter> whole_u8() {
  return frames_whole(parse_frame_kind("u8").value());
}
std::unique_ptr<Converter> no_ends() {
  return change_line_ends("");
}
std::unique_ptr<Converter> crlf_ends() {
  return change_line_ends("\r\n");
}
std::unique_ptr<Converter> there_and_back() {
  auto chain = std::make_unique<ConverterChain>();
  chain->then(to_u8());
  chain->then(from_u8());
  return chain;
}

struct Case {
  const char* name;
  Make make;
  std::string input;
  Made made;
};

class Conversion : public testing::TestWithParam<Case> {};

TEST_P(Conversion, IsTheSameHoweverItArrives) {
  for (const std::size_t piece_bytes : {std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{4096}}) {
    const Made made = convert(*GetParam().make(), GetParam().input, piece_bytes);
    EXPECT_EQ(made.pieces, GetParam().made.pieces) << "in pieces of " << piece_bytes;
    EXPECT_EQ(made.fault, GetParam().made.fault) << "in pieces of " << piece_bytes;
  }
}

const std::string long_line(300, 'x');
INSTANTIATE_TEST_SUITE_P(
    Cases, Conversion,
    testing::ValuesIn(std::vector<Case>{
        {"nothing", to_u8, "", {}},
        {"lines_become_frames", to_u8, "one\n\ntwo\n", {{"\3one", std::string(1, '\0'), "\3two"}, ""}},
        {"a_last_line_needs_no_end", to_u8, "one\ntwo", {{"\3one", "\3two"}, ""}},
        {"frames_become_lines", from_u8, "\3one\3t\no", {{"one\n", "t\\no\n"}, ""}},
        {"frames_apart_keep_their_bytes", apart_u8, "\3t\no\2ab", {{"t\no", "ab"}, ""}},
        {"frames_whole_keep_their_framing", whole_u8, "\3t\no\2ab", {{"\3t\no", "\2ab"}, ""}},
        {"a_cut_frame_is_told",
         from_u8,
         "\3one\3tw",
         {{"one\n"}, "the stream ended inside a u8 frame, 3 bytes into it"}},
        {"ends_are_taken_off", no_ends, "a\r\n\nb\nc", {{"a", "", "b", "c"}, ""}},
        {"ends_are_changed", crlf_ends, "a\r\nb\nc", {{"a\r\n", "b\r\n", "c\r\n"}, ""}},
        {"a_chain_passes_on_what_was_held", there_and_back, "one\ntwo", {{"one\n", "two\n"}, ""}},
    }),
    [](const auto& each) { return std::string(each.param.name); });

// What was whole before a fault still comes out.
TEST(Converter, KeepsWhatCameBeforeAFault) {
  const std::string input = "one\n" + long_line + "\nnever\n";
  for (const std::size_t piece_bytes : {std::size_t{1}, input.size()}) {
    const auto made = convert(*to_u8(), input, piece_bytes);
    EXPECT_EQ(made.pieces, Texts{"\3one"});
    EXPECT_NE(made.fault, "");
  }
}

TEST(Converter, HoldsNoMoreThanAFrameMayHave) {
  const auto converter = change_line_ends("");
  Pieces out;
  Result<void> done;
  std::size_t fed = 0;
  const std::string block(64 * 1024, 'x');
  for (; done && fed < 16 * frame_bytes_default; fed += block.size())
    done = converter->handle_piece(bytes_of(block), out);
  ASSERT_FALSE(done);
  EXPECT_LE(fed, frame_bytes_default + 2 * block.size());
}

}  // namespace
}  // namespace yam::wire
