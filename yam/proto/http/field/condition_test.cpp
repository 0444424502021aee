#include "yam/proto/http/field/condition.hpp"

#include <string>

#include <gtest/gtest.h>

namespace yam::proto::http {
namespace {

using namespace std::chrono_literals;

std::string tags_of(std::string_view value) {
  std::string all;
  for (EntityTagReader tags(value); const auto tag = tags.next();)
    all += tag->to_string() + " ";
  return all;
}

TEST(EntityTag, IsReadAloneAndInLists) {
  EXPECT_EQ(parse_entity_tag("\"a\""), (EntityTag{false, "a"}));
  EXPECT_EQ(parse_entity_tag("W/\"\""), (EntityTag{true, ""}));
  EXPECT_EQ(parse_entity_tag("\"a\\\""), (EntityTag{false, "a\\"}));  // no escape
  for (const char* text : {"", "a", "\"", "\"a", "a\"", "w/\"a\"", "W/", "W/a", "\"a\"b", "\"a b\"",
                           "\"a\x01\"", "\"a\", \"b\"", " \"a\""})
    EXPECT_EQ(parse_entity_tag(text), std::nullopt) << text;
  const struct {
    const char* value;
    const char* tags;
  } cases[] = {
      {"\"a\"", "\"a\" "},
      {"\"a\",W/\"b,c\"\t, , \"\"", "\"a\" W/\"b,c\" \"\" "},
      {", \"a\\\", \"b\"", "\"a\\\" \"b\" "},
      {"\"a\" \"b\"", "\"a\" "},
      {"\"a\", b, \"c\"", "\"a\" "},
      {"*", ""},
      {"", ""},
      {",,", ""},
  };
  for (const auto& [value, tags] : cases)
    EXPECT_EQ(tags_of(value), tags) << value;
}

TEST(EntityTag, Matches) {  // RFC 9110 §8.8.3.2
  const EntityTag strong{false, "1"}, weak{true, "1"}, other{false, "2"};
  EXPECT_TRUE(match_strongly(strong, strong) && match_weakly(strong, weak) && match_weakly(weak, weak));
  EXPECT_FALSE(match_strongly(strong, weak) || match_strongly(weak, weak) || match_weakly(strong, other));
}

constexpr Date changed = std::chrono::sys_days{1994y / 11 / 6} + 8h + 49min + 37s;
constexpr Date answered = changed + std::chrono::hours(1000);
const std::string at = "Sun, 06 Nov 1994 08:49:37 GMT", before = "Sun, 06 Nov 1994 08:49:36 GMT",
                  later = "Sun, 06 Nov 1994 08:49:38 GMT";

struct Row {
  const char* method;
  Fields request;
  Verdict verdict;
};

void expect(const std::initializer_list<Row>& rows, const Validators& current, Date now = answered) {
  for (const auto& [method, request, verdict] : rows) {
    std::string said = method;
    for (const Field& field : request)
      said += " " + std::string(field.name) + ": " + std::string(field.value);
    EXPECT_EQ(judge(method, request, current, now), verdict) << said;
  }
}

const Validators strong{.tag = EntityTag{false, "a"}, .modified = changed};
const Validators weak{.tag = EntityTag{true, "a"}, .modified = changed};
const Validators missing{.exists = false};
const Validators bare{};
constexpr auto proceed = Verdict::proceed, range = Verdict::proceed_range, same = Verdict::not_modified,
               failed = Verdict::failed;

TEST(Condition, IfMatch) {
  expect({{"PUT", {{"If-Match", "\"a\""}}, proceed},
          {"PUT", {{"If-Match", "\"b\", \"a\""}}, proceed},
          {"PUT", {{"if-match", "\"b\""}, {"If-Match", "\"a\""}}, proceed},
          {"PUT", {{"If-Match", "\"b\""}}, failed},
          {"PUT", {{"If-Match", "W/\"a\""}}, failed},
          {"PUT", {{"If-Match", "a"}}, failed},
          {"PUT", {{"If-Match", ""}}, failed},
          {"GET", {{"If-Match", "\"b\""}}, failed},
          {"PUT", {{"If-Match", "*"}}, proceed}},
         strong);
  expect({{"PUT", {{"If-Match", "\"a\""}}, failed}, {"PUT", {{"If-Match", "*"}}, proceed}}, weak);
  expect({{"PUT", {{"If-Match", "*"}}, failed}, {"PUT", {{"If-Match", "\"a\""}}, failed}}, missing);
}

TEST(Condition, IfUnmodifiedSince) {
  expect({{"PUT", {{"If-Unmodified-Since", at}}, proceed},
          {"PUT", {{"If-Unmodified-Since", later}}, proceed},
          {"PUT", {{"If-Unmodified-Since", before}}, failed},
          {"PUT", {{"If-Unmodified-Since", "yesterday"}}, proceed},
          {"PUT", {{"If-Unmodified-Since", before}, {"If-Unmodified-Since", at}}, proceed},
          // §13.1.4: not asked beside If-Match.
          {"PUT", {{"If-Unmodified-Since", before}, {"If-Match", "\"a\""}}, proceed}},
         strong);
  expect({{"PUT", {{"If-Unmodified-Since", before}}, proceed}}, bare);
}

TEST(Condition, IfNoneMatch) {
  expect({{"GET", {{"If-None-Match", "\"a\""}}, same},
          {"HEAD", {{"If-None-Match", "W/\"a\""}}, same},
          {"GET", {{"If-None-Match", "\"b\",\"a\""}}, same},
          {"GET", {{"If-None-Match", "\"b\""}}, proceed},
          {"GET", {{"If-None-Match", "a"}}, proceed},
          {"GET", {{"If-None-Match", "*"}}, same},
          {"PUT", {{"If-None-Match", "*"}}, failed},
          {"PUT", {{"If-None-Match", "\"a\""}}, failed},
          {"PUT", {{"If-None-Match", "\"b\""}}, proceed}},
         strong);
  expect({{"GET", {{"If-None-Match", "\"a\""}}, same}}, weak);
  expect({{"PUT", {{"If-None-Match", "*"}}, proceed}}, missing);
}

TEST(Condition, IfModifiedSince) {
  expect({{"GET", {{"If-Modified-Since", at}}, same},
          {"HEAD", {{"If-Modified-Since", later}}, same},
          {"GET", {{"If-Modified-Since", "Sunday, 06-Nov-94 08:49:37 GMT"}}, same},
          {"GET", {{"If-Modified-Since", before}}, proceed},
          {"GET", {{"If-Modified-Since", "0"}}, proceed},
          {"PUT", {{"If-Modified-Since", at}}, proceed},
          // §13.1.3: not asked beside If-None-Match.
          {"GET", {{"If-Modified-Since", at}, {"If-None-Match", "\"b\""}}, proceed}},
         strong);
  expect({{"GET", {{"If-Modified-Since", at}}, proceed}}, bare);
}

TEST(Condition, InTheirOrder) {  // §13.2.2
  expect({{"GET", {{"If-None-Match", "\"a\""}, {"If-Match", "\"b\""}}, failed},
          {"GET", {{"If-None-Match", "\"a\""}, {"If-Match", "\"a\""}}, same},
          {"GET", {{"Range", "bytes=0-1"}, {"If-None-Match", "\"a\""}}, same},
          {"GET", {{"If-Unmodified-Since", before}, {"If-Modified-Since", at}}, failed}},
         strong);
}

TEST(Condition, IfRange) {  // §13.1.5
  const Field wanted{"Range", "bytes=0-1"};
  expect({{"GET", {wanted}, range},
          {"HEAD", {wanted}, proceed},
          {"PUT", {wanted}, proceed},
          {"GET", {}, proceed},
          {"GET", {wanted, wanted}, proceed},
          {"GET", {wanted, {"If-Range", "\"a\""}}, range},
          {"GET", {wanted, {"If-Range", "W/\"a\""}}, proceed},
          {"GET", {wanted, {"If-Range", "\"b\""}}, proceed},
          {"GET", {wanted, {"If-Range", at}}, range},
          {"GET", {wanted, {"If-Range", later}}, proceed},
          {"GET", {wanted, {"If-Range", before}}, proceed},
          {"GET", {wanted, {"If-Range", "x"}}, proceed},
          {"GET", {wanted, {"If-Match", "\"a\""}, {"If-Range", "\"a\""}}, range},
          {"GET", {{"If-Range", "\"a\""}}, proceed}},
         strong);
  expect({{"GET", {wanted, {"If-Range", "W/\"a\""}}, proceed},
          {"GET", {wanted, {"If-Range", "\"a\""}}, proceed}},
         weak);
  expect({{"GET", {wanted, {"If-Range", at}}, proceed}}, strong, changed);  // too young to be strong
}

TEST(Condition, ATagOfACodingNamesWhatIsToBeChanged) {
  Validators current = strong;
  current.coded_too = true;
  expect({{"PUT", {{"If-Match", "\"a+gzip\""}}, Verdict::proceed},
          {"PUT", {{"If-Match", "\"a\""}}, Verdict::proceed},
          {"PUT", {{"If-Match", "\"b+gzip\", \"+a\""}}, Verdict::failed},
          {"PUT", {{"If-Match", "W/\"a+gzip\""}}, Verdict::failed}},
         current);
  expect({{"GET", {{"If-Match", "\"a+gzip\""}}, Verdict::failed}}, strong);
}

}  // namespace
}  // namespace yam::proto::http
