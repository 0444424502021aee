#include "yam/proto/metalink/metalink_parser.hpp"

#include <gtest/gtest.h>

#include "yam/proto/metalink/metalink_writer.hpp"

namespace yam::proto::metalink {
namespace {

std::string hex(std::size_t bytes, const std::string& two = "ab") {
  std::string text;
  for (std::size_t i = 0; i < bytes; ++i)
    text += two;
  return text;
}

std::string document(const std::string& files) {
  return "<?xml version=\"1.0\"?><metalink xmlns=\"urn:ietf:params:xml:ns:metalink\">" + files +
         "</metalink>";
}

std::string a_file(const std::string& content, const std::string& name = "a") {
  return document("<file name=\"" + name + "\">" + content + "</file>");
}

std::string refusal_of(const std::string& text) {
  const auto files = parse_metalink(text);
  return files ? "taken" : files.error().what;
}

TEST(MetalinkParser, ReadsWhatTheWriterWrites) {
  OfferedFile offered{.name = "文 \"件\" &<\n", .size = 5, .urls = {"http://h/a?b&c", "ftp://m/a"}};
  offered.sha256 = Bytes(32, std::byte{0xab});
  offered.piece_bytes = 4;
  offered.pieces = Bytes(64, std::byte{0x01});
  const auto files = parse_metalink(write_metalink(offered, "yam"));
  ASSERT_TRUE(files) << files.error().what;
  DescribedFile wanted;
  wanted.path = {offered.name};
  wanted.size_bytes = 5;
  wanted.hash = Hash{HashKind::sha256, offered.sha256};
  wanted.pieces = Pieces{HashKind::sha256, 4, offered.pieces};
  wanted.urls = offered.urls;
  EXPECT_EQ(*files, std::vector{wanted});
}

TEST(MetalinkParser, TakesTheBestOfWhatIsTold) {
  const auto files = parse_metalink(
      "<m:metalink xmlns:m='urn:ietf:params:xml:ns:metalink' xmlns:x='other'><m:published>2009</m:published>"
      "<m:file name='d/e/f'><m:size> 3\n</m:size><m:hash type='md5'>" +
      hex(16) + "</m:hash><m:hash type='sha-256'>" + hex(32, "CD") + "</m:hash><m:hash type='sha-1'>" +
      hex(20) +
      "</m:hash><m:hash type='crc'>1</m:hash>"
      "<m:pieces length='2' type='sha-1'><m:hash>" +
      hex(20) + "</m:hash><m:hash>" + hex(20) +
      "</m:hash></m:pieces><m:pieces length='2' type='crc'><m:hash>1</m:hash></m:pieces>"
      "<m:url>http://last/</m:url><m:url location='de' priority='2'>\n http://b/ </m:url>"
      "<m:url priority='1'>http://a/</m:url><m:metaurl mediatype='torrent'>http://t/</m:metaurl>"
      "<x:signature>s</x:signature></m:file></m:metalink>");
  ASSERT_TRUE(files) << files.error().what;
  const DescribedFile& file = files->front();
  EXPECT_EQ(file.path, (std::vector<std::string>{"d", "e", "f"}));
  EXPECT_EQ(file.size_bytes, 3U);
  EXPECT_EQ(file.hash->kind, HashKind::sha256);
  EXPECT_EQ(file.hash->value, Bytes(32, std::byte{0xcd}));
  EXPECT_EQ(file.pieces->count(), 2U);
  EXPECT_EQ(file.urls, (std::vector<std::string>{"http://a/", "http://b/", "http://last/"}));
}

TEST(MetalinkParser, Refusals) {
  const std::string far = "no Metalink: ";
  const std::pair<std::string, std::string> rows[] = {
      {"", "not well-formed XML"},
      {"<html>", "not well-formed XML"},
      {"not at all", "not well-formed XML"},
      {"<metalink/>", "its root is not that of RFC 5854"},
      {"<metalink version='3.0' xmlns='http://www.metalinker.org/'/>", "its root is not that of RFC 5854"},
      {"<html xmlns='urn:ietf:params:xml:ns:metalink'/>", "its root is not that of RFC 5854"},
      {document(""), "it names no file"},
      {document("<file/>"), "a file is called \"\""},
      {a_file("", "/etc/passwd"), "a file is called \"/etc/passwd\""},
      {a_file("", "../a"), "a file is called \"../a\""},
      {a_file("", "a/.."), "a file is called \"a/..\""},
      {a_file("", "a/./b"), "a file is called \"a/./b\""},
      {a_file("", "a//b"), "a file is called \"a//b\""},
      {a_file("", "a/"), "a file is called \"a/\""},
      {a_file("", "&#46;&#46;/a"), "a file is called \"../a\""},
      {document("<file name='a'/><file name='a'/>"), "two files are called \"a\""},
      {a_file("<size>-1</size>"), "a wrong size of \"a\""},
      {a_file("<size></size>"), "a wrong size of \"a\""},
      {a_file("<size>1</size><size>1</size>"), "a wrong size of \"a\""},
      {a_file("<size>18446744073709551616</size>"), "a wrong size of \"a\""},
      {a_file("<hash type='sha-256'>ab</hash>"), "a wrong hash of \"a\""},
      {a_file("<hash type='md5'>" + hex(16, "xy") + "</hash>"), "a wrong hash of \"a\""},
      {a_file("<pieces type='md5'/>"), "a wrong length of pieces of \"a\""},
      {a_file("<pieces length='0' type='md5'/>"), "a wrong length of pieces of \"a\""},
      {a_file("<pieces length='1' type='md5'><hash>1</hash></pieces>"), "a wrong hash of a piece of \"a\""},
      {a_file("<size>3</size><pieces length='1' type='md5'><hash>" + hex(16) + "</hash></pieces>"),
       "a wrong number of pieces of \"a\""},
      {a_file("<url priority='0'>http://a</url>"), "a wrong priority of \"a\""},
      {a_file("<url priority='1000000'>http://a</url>"), "a wrong priority of \"a\""},
  };
  for (const auto& [text, words] : rows)
    EXPECT_EQ(refusal_of(text), far + words) << text;
  std::string urls, files;
  for (std::size_t i = 0; i <= mirrors_max; ++i)
    urls += "<url>u</url>";
  EXPECT_EQ(refusal_of(a_file(urls)), far + "a wrong number of URLs of \"a\"");
  for (std::size_t i = 0; i <= files_max; ++i)
    files += "<file name='" + std::to_string(i) + "'/>";
  EXPECT_EQ(refusal_of(document(files)), far + "too many files");
  EXPECT_EQ(refusal_of(std::string(document_bytes_max + 1, ' ')), far + "too long");
}

TEST(MetalinkParser, ResolvesNoEntities) {
  const auto files = parse_metalink(
      "<!DOCTYPE m [<!ENTITY e SYSTEM 'file:///etc/passwd'><!ENTITY a 'b'>]>" +
      a_file("<url>http://h/&e;&a;</url>").substr(std::string("<?xml version=\"1.0\"?>").size()));
  ASSERT_TRUE(files) << files.error().what;
  EXPECT_EQ(files->front().urls, std::vector<std::string>{"http://h/&e;&a;"});
}

TEST(MetalinkParser, ADeepDocumentIsOnlyLong) {
  std::string deep;
  for (int i = 0; i < 200'000; ++i)
    deep += "<a>";
  EXPECT_EQ(refusal_of(document(deep)).substr(0, 12), "no Metalink:");
  const std::string closed = [&] {
    std::string text = deep;
    for (int i = 0; i < 200'000; ++i)
      text += "</a>";
    return text;
  }();
  EXPECT_EQ(refusal_of(document(closed)), "no Metalink: it names no file");
}

TEST(MetalinkParser, CutAnywhereItIsRefused) {
  const std::string text = a_file("<size>1</size><url>http://a/</url>");
  for (std::size_t end = 0; end < text.size(); ++end)
    EXPECT_FALSE(parse_metalink(text.substr(0, end))) << end;
  EXPECT_TRUE(parse_metalink(text + "\n<!-- more -->\n"));
}

}  // namespace
}  // namespace yam::proto::metalink
