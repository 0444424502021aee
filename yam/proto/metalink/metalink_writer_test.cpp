#include "yam/proto/metalink/metalink_writer.hpp"

#include <gtest/gtest.h>

namespace yam::proto::metalink {
namespace {

TEST(MetalinkWriter, WritesAFileWithItsPieces) {
  OfferedFile file{.name = "a.iso", .size = 5, .urls = {"http://h/a.iso", "http://m/a.iso"}};
  file.sha256 = Bytes(32, std::byte{0xab});
  file.piece_bytes = 4;
  file.pieces = Bytes(64, std::byte{0x01});
  std::string ab, one;
  for (int i = 0; i < 32; ++i) {
    ab += "ab";
    one += "01";
  }
  EXPECT_EQ(write_metalink(file, "yam/1"),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            "<metalink xmlns=\"urn:ietf:params:xml:ns:metalink\">\n"
            "  <generator>yam/1</generator>\n"
            "  <file name=\"a.iso\">\n"
            "    <size>5</size>\n"
            "    <hash type=\"sha-256\">" +
                ab +
                "</hash>\n"
                "    <pieces length=\"4\" type=\"sha-256\">\n"
                "      <hash>" +
                one +
                "</hash>\n"
                "      <hash>" +
                one +
                "</hash>\n"
                "    </pieces>\n"
                "    <url priority=\"1\">http://h/a.iso</url>\n"
                "    <url priority=\"2\">http://m/a.iso</url>\n"
                "  </file>\n"
                "</metalink>\n");
}

TEST(MetalinkWriter, AFileWithoutBytesHasNoPieces) {
  OfferedFile file{.name = "empty", .urls = {"http://h/empty"}};
  file.sha256 = Bytes(32);
  file.piece_bytes = 4;
  const std::string text = write_metalink(file, "yam");
  EXPECT_NE(text.find("<size>0</size>"), text.npos);
  EXPECT_EQ(text.find("pieces"), text.npos);
}

TEST(MetalinkWriter, NoNameBreaksTheDocument) {
  const std::pair<std::string, std::string> rows[] = {
      {"a\"><url>x", "a&quot;&gt;&lt;url&gt;x"},
      {"a&amp;", "a&amp;amp;"},
      {"中文.txt", "中文.txt"},
      {"a\nb\tc", "a&#10;b&#9;c"},
      {"a\x01\x7f", "a\xef\xbf\xbd\x7f"},
      {"\xff\xfe", "\xef\xbf\xbd\xef\xbf\xbd"},
      {"\xef\xbf\xbf", "\xef\xbf\xbd"},
  };
  for (const auto& [name, expected] : rows) {
    const std::string text = write_metalink({.name = name, .urls = {}, .sha256 = {}, .pieces = {}}, "yam");
    EXPECT_NE(text.find("<file name=\"" + expected + "\">"), text.npos) << text;
  }
}

}  // namespace
}  // namespace yam::proto::metalink
