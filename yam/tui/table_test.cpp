#include "yam/tui/table.hpp"

#include <gtest/gtest.h>

namespace yam::tui {
namespace {

TEST(Table, AlignsColumnsInCells) {
  Table table({"service", "where", "try"});
  table.add_row({"echo", "tcp 127.0.0.1:7007", "nc 127.0.0.1 7007"});
  table.add_row({"驿站信箱", "tcp [::]:8080", "nc ::1 8080"});
  table.add_row({"e\u0301", "udp"});
  EXPECT_EQ(table.text(),
            "service   where               try\n"
            "echo      tcp 127.0.0.1:7007  nc 127.0.0.1 7007\n"
            "驿站信箱  tcp [::]:8080       nc ::1 8080\n"
            "e\u0301         udp\n");
}

TEST(Table, LeavesNoBlanksAtTheEnd) {
  Table table({"a", "b", "c"});
  table.add_row({"long cell", "", ""});
  table.add_row({"", "", "x"});
  EXPECT_EQ(table.text(),
            "a          b  c\n"
            "long cell\n"
            "              x\n");
}

TEST(Table, MayHaveNoHeadersAndNoRows) {
  EXPECT_EQ(Table().text(), "");
  EXPECT_EQ(Table({"only", "headers"}).text(), "only  headers\n");
  Table table;
  table.add_row({"1", "2"});
  EXPECT_EQ(table.text(), "1  2\n");
}

TEST(Table, CutsLinesToTheWidth) {
  Table table;
  table.add_row({"abc", "驿站"});
  EXPECT_EQ(table.text(9), "abc  驿站\n");
  EXPECT_EQ(table.text(8), "abc  驿…\n");
  EXPECT_EQ(table.text(7), "abc  …\n");
}

TEST(CutToWidth, KeepsCharactersWhole) {
  struct Case {
    std::string_view text;
    std::size_t width;
    std::string_view cut;
  };
  for (const Case& each : {
           Case{"abc", 3, "abc"},
           Case{"abcd", 3, "ab…"},
           Case{"驿站", 4, "驿站"},
           Case{"驿站", 3, "驿…"},
           Case{"驿站", 2, "…"},
           Case{"驿", 1, "…"},
           Case{"驿", 0, ""},
           Case{"", 0, ""},
           Case{"e\u0301e\u0301e\u0301", 2, "e\u0301…"},
       })
    EXPECT_EQ(cut_to_width(each.text, each.width), each.cut) << each.text << " to " << each.width;
}

}  // namespace
}  // namespace yam::tui
