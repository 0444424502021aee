#include "yam/service/until_word.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace yam::service {
namespace {

struct Case {
  const char* name;
  std::vector<std::string> pieces;
  std::size_t said_after;  // this many pieces; 0: never
};

class Stream : public testing::TestWithParam<Case> {};

TEST_P(Stream, MeetsTheWord) {
  UntilWord until("bye");
  std::size_t said_after = 0;
  for (std::size_t i = 0; i < GetParam().pieces.size(); ++i)
    if (until.handle_piece(bytes_of(GetParam().pieces[i])) && said_after == 0) said_after = i + 1;
  EXPECT_EQ(said_after, GetParam().said_after);
}

INSTANTIATE_TEST_SUITE_P(Cases, Stream,
                         testing::ValuesIn(std::vector<Case>{
                             {"alone", {"bye"}, 1},
                             {"as_a_line", {"bye\n"}, 1},
                             {"as_a_crlf_line", {"bye\r\n"}, 1},
                             {"between_lines", {"hi\nbye\nmore\n"}, 1},
                             {"in_letters", {"b", "y", "e"}, 3},
                             {"after_words_without_end", {"hello", "bye"}, 2},
                             {"in_letters_after_a_line", {"hello\nb", "ye\n"}, 2},
                             {"inside_a_line", {"goodbye\n", "bye now\n", "byebye"}, 0},
                             {"other_case", {"Bye\n", " bye\n", "bye \n"}, 0},
                             {"empty", {"", "\n", "\r\n"}, 0},
                             {"a_long_line_ends_like_it", {std::string(100'000, 'x') + "bye\n"}, 0},
                         }),
                         [](const auto& each) { return std::string(each.param.name); });

TEST(UntilWord, StaysSaid) {
  UntilWord until("bye");
  EXPECT_TRUE(until.handle_piece(bytes_of(std::string_view("bye"))));
  EXPECT_TRUE(until.handle_piece(bytes_of(std::string_view("more"))));
}

TEST(UntilWord, JoinsNoMessages) {
  UntilWord until("bye");
  for (const std::string_view message : {"b", "ye", "", "hello", "byebye"})
    EXPECT_FALSE(until.handle_message(bytes_of(message))) << message;
  EXPECT_TRUE(until.handle_message(bytes_of(std::string_view("bye\n"))));
}

TEST(UntilWord, AnEmptyWordIsNeverMet) {
  UntilWord until("");
  EXPECT_FALSE(until.handle_piece(bytes_of(std::string_view("\n"))));
  EXPECT_FALSE(until.handle_message({}));
}

}  // namespace
}  // namespace yam::service
