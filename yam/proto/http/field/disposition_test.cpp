#include "yam/proto/http/field/disposition.hpp"

#include <gtest/gtest.h>

namespace yam::proto::http {
namespace {

std::string said(std::string_view value) {
  const auto disposition = parse_disposition(value);
  if (!disposition) return "malformed";
  std::string all = disposition->type;
  if (disposition->name) all += " name " + *disposition->name;
  if (disposition->filename) all += " file " + *disposition->filename;
  return all;
}

TEST(Disposition, IsRead) {
  const struct {
    const char* value;
    const char* said;
  } cases[] = {
      {"inline", "inline"},
      {"Attachment; filename=a.txt", "attachment file a.txt"},
      {"attachment;FileName=\"a; b\\\"c\"", "attachment file a; b\"c"},
      {"attachment; filename=\"a\"; filename*=UTF-8''%e6%96%87.txt", "attachment file \xe6\x96\x87.txt"},
      {"attachment; filename*=utf-8'zh'%E6%96%87; filename=a", "attachment file \xe6\x96\x87"},
      {"attachment; filename*=iso-8859-1''%e9", "attachment file \xc3\xa9"},
      {"attachment; filename*=UTF-8''%ff; filename=a", "attachment file a"},
      {"attachment; filename*=UTF-8''%e6%9; filename=a", "attachment file a"},
      {"attachment; filename*=UTF-8''%; filename=a", "attachment file a"},
      {"attachment; filename*=UTF-16''a; filename=b", "attachment file b"},
      {"attachment; filename*=a; filename=b", "attachment file b"},
      {"attachment; filename*=UTF-8'a; filename=b", "attachment file b"},
      {"attachment; filename=../../etc/passwd", "attachment"},  // no token
      {"attachment; filename=\"../../etc/passwd\"", "attachment file ../../etc/passwd"},
      {"form-data; name=\"up load\"; filename=\"\xe6\x96\x87.txt\"",
       "form-data name up load file \xe6\x96\x87.txt"},
      {"form-data; name=", "form-data"},
      {"form-data; name=a; NAME=b", "malformed"},
      {"attachment; filename=a; filename=b", "malformed"},
      {"", "malformed"},
      {"a b; filename=c", "malformed"},
      {"filename=c", "malformed"},
  };
  for (const auto& [value, words] : cases)
    EXPECT_EQ(said(value), words) << value;
}

TEST(Disposition, IsWrittenSoThatItIsReadBack) {
  EXPECT_EQ(write_disposition("attachment", "a b.txt"), "attachment; filename=\"a b.txt\"");
  EXPECT_EQ(write_disposition("inline", "\xe6\x96\x87 1.txt"),
            "inline; filename=\"_ 1.txt\"; filename*=UTF-8''%e6%96%87%201.txt");
  for (const std::string name : {"a", "a\"b", "a\\b", "100%", "%41", "\xe6\x96\x87\xe5\xad\x97",
                                 "a\r\nEvil: 1", "a;b=c", "'", "a\x7f", "*"}) {
    const std::string value = write_disposition("attachment", name);
    EXPECT_EQ(value.find_first_of("\r\n"), std::string::npos);
    EXPECT_EQ(said(value), "attachment file " + name) << value;
  }
  EXPECT_EQ(write_disposition("attachment", "a\xff"), "attachment; filename=\"a_\"");  // not UTF-8
}

}  // namespace
}  // namespace yam::proto::http
