#include "yam/proto/http/form_data.hpp"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

namespace yam::proto::http {
namespace {

using What = FormStep::What;

// What a form that comes `step` bytes at a time says: (name "file" type)[content]….
std::string fed(std::string_view form, std::size_t step) {
  FormReader reader("B-b");
  std::string said;
  std::size_t used = 0;
  for (std::size_t given = 0; given < form.size();) {
    given = std::min(given + step, form.size());
    for (bool on = true; on && used < given;) {
      const std::vector<char> copy(form.begin() + static_cast<std::ptrdiff_t>(used),
                                   form.begin() + static_cast<std::ptrdiff_t>(given));
      const auto got = reader.handle_bytes(bytes_of({copy.data(), copy.size()}));
      if (!got) return said + std::to_string(got.error().status) + " " + std::string(got.error().words);
      used += got->used;
      on = got->what != What::more;
      if (got->what == What::part) {
        said += "(" + reader.part().name;
        if (reader.part().filename) said += " \"" + *reader.part().filename + "\"";
        if (!reader.part().content_type.empty()) said += " " + reader.part().content_type;
        said += ")[";
      }
      said += text_of(got->content);
      if (got->what == What::part_end) said += "]";
    }
    if (given - used > form_part_head_bytes_max) return "keeps too much";
  }
  return said + (reader.handle_end() ? "." : "cut");
}

std::string form(const std::string& bytes) {
  const std::string whole = fed(bytes, bytes.size() + 1);
  EXPECT_EQ(fed(bytes, bytes.size() > 2000 ? 101 : 1), whole) << bytes.substr(0, 300);
  EXPECT_EQ(fed(bytes, 7), whole) << bytes.substr(0, 300);
  return whole;
}

std::string part(const std::string& disposition, const std::string& content, const std::string& fields = "") {
  return "--B-b\r\nContent-Disposition: form-data; " + disposition + "\r\n" + fields + "\r\n" + content +
         "\r\n";
}
const std::string end = "--B-b--\r\n";

TEST(Form, IsRead) {
  const struct {
    std::string bytes, said;
  } cases[] = {
      {end, "."},
      {"--B-b--", "."},
      {"--B-b--\r\nan epilogue\r\n--B-b\r\n", "."},
      {part("name=a", "x") + end, "(a)[x]."},
      {part("name=a", "") + end, "(a)[]."},
      {part("name=\"a b\"; filename=\"\xe6\x96\x87.txt\"", "x\r\ny", "Content-Type: text/plain\r\n") +
           part("name=c", "") + end,
       "(a b \"\xe6\x96\x87.txt\" text/plain)[x\r\ny](c)[]."},
      {part("name=a; filename=\"\"", "") + end, "(a \"\")[]."},
      {part("name=a", "\r\n--B-\r\n--B\r\r\n\r--B-b\n--B-b\r\n--") + end,
       "(a)[\r\n--B-\r\n--B\r\r\n\r--B-b\n--B-b\r\n--]."},
      {part("name=a", std::string(5000, 'x') + std::string(300, '\r')) + end,
       "(a)[" + std::string(5000, 'x') + std::string(300, '\r') + "]."},
      {part("name=a", "x", "Content-Transfer-Encoding: Binary\r\n") + end, "(a)[x]."},
  };
  for (const auto& [bytes, said] : cases)
    EXPECT_EQ(form(bytes), said);
}

TEST(Form, ACutIsMissed) {
  const std::string whole = part("name=a; filename=b", "x\r\ny") + part("name=c", "") + "--B-b--";
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_TRUE(fed(whole.substr(0, size), 3).ends_with("cut")) << size;
}

TEST(Form, IsRefusedInWords) {
  const std::string open = "--B-b\r\n";
  const struct {
    std::string bytes, said;
  } cases[] = {
      {"x", "400 a form that does not begin with its boundary"},
      {"\r\n--B-b\r\n", "400 a form that does not begin with its boundary"},
      {"preamble\r\n--B-b\r\n", "400 a form that does not begin with its boundary"},
      {"--B-c\r\n", "400 a form that does not begin with its boundary"},
      {"--B-bb\r\n", "400 a boundary with something behind it"},
      {"--B-b \r\n", "400 a boundary with something behind it"},
      {"--B-b\n\n", "400 a boundary with something behind it"},
      {"--B-b-\r\n", "400 a boundary with something behind it"},
      {part("name=a", "x") + "--B-bx\r\n", "(a)[x]400 a boundary with something behind it"},
      {open + "\r\n", "400 a part of a form without a name"},
      {open + "Content-Disposition: form-data\r\n\r\n", "400 a part of a form without a name"},
      {open + "Content-Disposition: attachment; name=a\r\n\r\n", "400 a part of a form without a name"},
      {open + "Content-Type: text/plain\r\n\r\n", "400 a part of a form without a name"},
      {part("name=a", "", "content-disposition: form-data; name=b\r\n"),
       "400 a part of a form without a name"},
      {part("name=a; name=b", ""), "400 a part of a form without a name"},
      {part("name=a", "", "Content-Transfer-Encoding: base64\r\n"),
       "400 a part of a form in an encoding of its own"},
      {open + "A : b\r\n\r\n", "400 a blank between a field name and its colon"},
      {open + "A: b\n\r\n", "400 an LF without CR in a field line"},
      {open + "A: b\r\n c\r\n\r\n", "400 a folded field line"},
      {open + "A: " + std::string(form_part_head_bytes_max, 'x') + "\r\n\r\n",
       "431 a part's head that is too long"},
  };
  for (const auto& [bytes, said] : cases)
    EXPECT_EQ(form(bytes), said);
}

TEST(Form, HasALimitOfParts) {
  std::string many;
  for (std::size_t i = 0; i <= form_parts_max; ++i)
    many += part("name=a", "");
  FormReader reader("B-b");
  ByteView unread = bytes_of(many);
  std::size_t parts = 0;
  auto step = reader.handle_bytes(unread);
  for (; step && step->what != What::more; step = reader.handle_bytes(unread)) {
    parts += step->what == What::part;
    unread = unread.subspan(step->used);
  }
  ASSERT_FALSE(step);
  EXPECT_EQ(step.error(), (Refusal{413, "a form with too many parts"}));
  EXPECT_EQ(parts, form_parts_max);
}

TEST(Form, HasABoundary) {
  const auto boundary = [](std::string_view type) { return form_boundary(*parse_media_type(type)); };
  EXPECT_EQ(boundary("multipart/form-data; boundary=----WebKitFormBoundaryAbC1"),
            "----WebKitFormBoundaryAbC1");
  EXPECT_EQ(boundary("Multipart/Form-Data; Boundary=\"a b\""), "a b");
  EXPECT_EQ(boundary("multipart/form-data; boundary=" + std::string(70, 'x')), std::string(70, 'x'));
  for (const std::string type :
       {"multipart/mixed; boundary=a", "multipart/form-data",
        "multipart/form-data; boundary=", "multipart/form-data; boundary=\"\"",
        "multipart/form-data; boundary=\"a \"", "multipart/form-data; boundary=\"a\\\"b\""})
    EXPECT_EQ(boundary(type), std::nullopt) << type;
  EXPECT_EQ(boundary("multipart/form-data; boundary=" + std::string(71, 'x')), std::nullopt);
}

}  // namespace
}  // namespace yam::proto::http
