#include "yam/store/folder_name.hpp"

#include <string>

#include <gtest/gtest.h>

#include "yam/base/text.hpp"

namespace yam::store {
namespace {

std::string repeated(std::string_view text, std::size_t times) {
  std::string all;
  while (times-- > 0)
    all += text;
  return all;
}

// A path of `bytes` bytes with components of 99.
std::string long_path(std::size_t bytes) {
  std::string path;
  while (path.size() < bytes)
    path += path.size() % 100 == 99 ? '/' : 'x';
  return path;
}

TEST(FolderName, WhatAFolderMayHold) {
  const std::string fine[] = {
      "a",
      "a/b/c.txt",
      "two words.txt",
      "-rf",
      "~",
      "...",
      "..a",
      "a..",
      "a/...b",
      ".profile",
      ".part.txt",
      "part",
      "驿站/信件.txt",
      "\xce\xc4\xbc\xfe.txt",  // GBK, not UTF-8
      "C:\\windows\\..\\x",
      "%2e%2e%2fpasswd",
      std::string(255, 'x'),
      repeated("驿", 85),
      long_path(name_bytes_max),
  };
  for (const auto& name : fine)
    EXPECT_TRUE(check_name(name).has_value()) << quoted(name);
}

TEST(FolderName, Refusals) {
  using namespace std::string_literals;
  struct Row {
    std::string name;
    Code code;
    std::string what;
  };
  const std::string unfinished = ": unfinished uploads alone end in .part";
  const Row rows[] = {
      {"", Code::usage, "file name \"\": it is empty"},
      {"/", Code::usage, "file name \"/\": it begins with '/'"},
      {"/etc/passwd", Code::usage, "file name \"/etc/passwd\": it begins with '/'"},
      {"//x", Code::usage, "file name \"//x\": it begins with '/'"},
      {".", Code::usage, "file name \".\": it has a '.' component"},
      {"./x", Code::usage, "file name \"./x\": it has a '.' component"},
      {"..", Code::usage, "file name \"..\": it has a '..' component"},
      {"../x", Code::usage, "file name \"../x\": it has a '..' component"},
      {"a/../b", Code::usage, "file name \"a/../b\": it has a '..' component"},
      {"a/..", Code::usage, "file name \"a/..\": it has a '..' component"},
      {"a//b", Code::usage, "file name \"a//b\": it has an empty component"},
      {"a/", Code::usage, "file name \"a/\": it has an empty component"},
      {"a\0b"s, Code::usage, "file name \"a\\x00b\": it has a control character"},
      {"\0"s, Code::usage, "file name \"\\x00\": it has a control character"},
      {"a\nb", Code::usage, "file name \"a\\nb\": it has a control character"},
      {"\x1b[2J", Code::usage, "file name \"\\x1b[2J\": it has a control character"},
      {"a\x7f", Code::usage, "file name \"a\\x7f\": it has a control character"},
      {std::string(256, 'x'), Code::usage,
       "file name " + yam::quoted(std::string(256, 'x')) + ": it has a component longer than 255 bytes"},
      {"a/" + std::string(256, 'x'), Code::usage,
       "file name " + yam::quoted("a/" + std::string(256, 'x')) +
           ": it has a component longer than 255 bytes"},
      {long_path(name_bytes_max + 1), Code::usage,
       "file name " + yam::quoted(long_path(4096)) + ": it is longer than 4095 bytes"},
      {"film.part", Code::refused, "file name \"film.part\"" + unfinished},
      {"a/.part", Code::refused, "file name \"a/.part\"" + unfinished},
  };
  for (const auto& row : rows) {
    const auto checked = check_name(row.name);
    ASSERT_FALSE(checked.has_value()) << row.what;
    EXPECT_EQ(checked.error(), (Error{row.code, row.what, ""}));
  }
}

TEST(FolderName, NumbersGoBeforeTheExtension) {
  struct Row {
    std::string base;
    unsigned number;
    std::string numbered;
  };
  const Row rows[] = {
      {"report.txt", 2, "report-2.txt"},
      {"report", 10, "report-10"},
      {"src.tar.gz", 3, "src-3.tar.gz"},
      {".tar.gz", 3, ".tar-3.gz"},
      {".profile", 2, ".profile-2"},
      {"v1.2", 2, "v1-2.2"},
      {"end.", 2, "end-2."},
      {"He said. And then nothing", 2, "He said. And then nothing-2"},
      {"信.txt", 2, "信-2.txt"},
      {std::string(251, 'x') + ".txt", 2, std::string(249, 'x') + "-2.txt"},
      {repeated("驿", 85), 12, repeated("驿", 84) + "-12"},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(numbered(row.base, row.number), row.numbered);
    EXPECT_LE(numbered(row.base, row.number).size(), component_bytes_max);
  }
}

TEST(FolderName, PartsFitTheLongestName) {
  EXPECT_EQ(part_of("a.txt", ""), "a.txt.part");
  EXPECT_EQ(part_of("a.txt", "k3x9ab"), "a.txt.k3x9ab.part");
  EXPECT_EQ(part_of(std::string(255, 'x'), ""), std::string(250, 'x') + ".part");
  EXPECT_EQ(part_of(std::string(255, 'x'), "k3x9ab"), std::string(243, 'x') + ".k3x9ab.part");
  EXPECT_EQ(part_of(repeated("驿", 85), ""), repeated("驿", 83) + ".part");
}

TEST(FolderName, Splits) {
  EXPECT_EQ(split("c.txt").folder, "");
  EXPECT_EQ(split("c.txt").base, "c.txt");
  EXPECT_EQ(split("a/b/c.txt").folder, "a/b/");
  EXPECT_EQ(split("a/b/c.txt").base, "c.txt");
}

}  // namespace
}  // namespace yam::store
