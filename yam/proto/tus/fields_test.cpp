#include <gtest/gtest.h>

#include "yam/proto/tus/checksum.hpp"
#include "yam/proto/tus/concatenation.hpp"
#include "yam/proto/tus/metadata.hpp"

namespace yam::proto::tus {
namespace {

TEST(TusMetadata, IsReadAndWritten) {
  struct Row {
    std::string text;
    Metadata metadata;
  };
  const Row rows[] = {
      {"", {}},
      {"filename YS50eHQ=", {{"filename", "a.txt"}}},
      {"filename 5paHLnR4dA==,is_private,x AA==",
       {{"filename", "文.txt"}, {"is_private", ""}, {"x", std::string(1, '\0')}}},
      {"!#%&'()*;=?@[] YQ==", {{"!#%&'()*;=?@[]", "a"}}},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(parse_metadata(row.text), row.metadata) << row.text;
    EXPECT_EQ(write_metadata(row.metadata), row.text);
  }
  // Blanks that clients put behind the comma, and an empty value with its blank.
  const Metadata two{{"a", ""}, {"b", "x"}};
  EXPECT_EQ(parse_metadata("a , b eA=="), two);
  EXPECT_EQ(find(two, "b"), "x");
  EXPECT_EQ(find(two, "B"), std::nullopt);
}

TEST(TusMetadata, IsRefusedWhenMalformed) {
  for (const std::string text : {",", "a,", ",a", "a,,b", " ", "a YQ", "a YQ= =", "a YQ== b", "a  YQ==",
                                 "a a,a b", "a,a", "\xc3\xa4 YQ==", "a\tb YQ==", "a -_==", "a YQ==\n"})
    EXPECT_EQ(parse_metadata(text), std::nullopt) << text;
  std::string many;
  for (std::size_t i = 0; i < metadata_pairs_max; ++i)
    many += (i == 0 ? "k" : ",k") + std::to_string(i);
  EXPECT_TRUE(parse_metadata(many));
  EXPECT_FALSE(parse_metadata(many + ",more"));
}

TEST(TusChecksum, IsReadAndWritten) {
  for (const std::string text : {"sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=", "md5 AAAAAAAAAAAAAAAAAAAAAA==",
                                 "sha256 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}) {
    const auto checksum = parse_checksum(text);
    ASSERT_TRUE(checksum) << text;
    EXPECT_EQ(write_checksum(*checksum), text);
  }
  EXPECT_EQ(parse_checksum("sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=")->kind, ChecksumKind::sha1);
  for (const std::string text : {"", "sha1", "sha1 ", "sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0", "sha1 AAAA",
                                 "crc32 AAAAAA==", "SHA1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=", " AAAA",
                                 "sha256 Kq5sNclPz7QV2+lfQIuc6R7oRu0="})
    EXPECT_EQ(parse_checksum(text), std::nullopt) << text;
}

TEST(TusConcatenation, IsReadAndWritten) {
  struct Row {
    std::string text;
    Concatenation concatenation;
    std::string written;
  };
  const Row rows[] = {
      {"partial", {Role::partial, {}}, "partial"},
      {"final;/a", {Role::final, {"/a"}}, "final;/a"},
      {"final;/a /b", {Role::final, {"/a", "/b"}}, "final;/a /b"},
      {"final; /a  /a ", {Role::final, {"/a", "/a"}}, "final;/a /a"},
      {"final;http://h:1/u/a HTTPS://h/b?c", {Role::final, {"/u/a", "/b?c"}}, "final;/u/a /b?c"},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(parse_concatenation(row.text), row.concatenation) << row.text;
    EXPECT_EQ(write_concatenation(row.concatenation), row.written);
  }
  EXPECT_EQ(write_concatenation({}), "");
  for (const std::string text : {"", "Partial", "partial;", "final", "final;", "final; ", "final;a",
                                 "final;/a b", "final;http://h", "final;ftp://h/a", "partial /a"})
    EXPECT_EQ(parse_concatenation(text), std::nullopt) << text;
  std::string many = "final;";
  for (std::size_t i = 0; i < parts_max; ++i)
    many += "/p ";
  EXPECT_TRUE(parse_concatenation(many));
  EXPECT_FALSE(parse_concatenation(many + "/p"));
}

}  // namespace
}  // namespace yam::proto::tus
