#include "yam/proto/tus/server.hpp"

#include <initializer_list>

#include <gtest/gtest.h>

#include "yam/base/base64.hpp"

namespace yam::proto::tus {
namespace {

using http::Fields;

constexpr std::string_view type = content_type;
constexpr std::string_view sha1_of_nothing = "sha1 2jmj7l5rSw0yVb/vlWAYkK/YBwk=";
constexpr ServerLimits unlimited{};
constexpr ServerLimits to_1000{.size_max = 1000};

Refusal refusal_of(const Fields& request, std::optional<std::uint64_t> content = 0) {
  const auto creation = decide_creation(request, content, to_1000);
  return creation ? Refusal{201, ""} : creation.error();
}

TEST(TusServer, TakesNoOtherVersion) {
  const Refusal refusal{412, "Tus-Resumable is not 1.0.0"};
  EXPECT_TRUE(check_version({{"tus-resumable", "1.0.0"}}));
  for (const Fields& request :
       std::initializer_list<Fields>{{},
                                     {{"Tus-Resumable", "0.2.2"}},
                                     {{"Tus-Resumable", "1.0.0, 1.0.0"}},
                                     {{"Tus-Resumable", "1.0.0"}, {"Tus-Resumable", "1.0.0"}}})
    EXPECT_EQ(check_version(request).error(), refusal);
}

TEST(TusServer, OverridesTheMethodOfAPost) {
  const Fields request{{"X-HTTP-Method-Override", "PATCH"}};
  EXPECT_EQ(method_of("POST", request), "PATCH");
  EXPECT_EQ(method_of("GET", request), "GET");
  EXPECT_EQ(method_of("POST", {}), "POST");
}

TEST(TusServer, CreatesAnUpload) {
  const auto plain =
      decide_creation({{"Upload-Length", "1000"}, {"Upload-Metadata", "filename YQ=="}}, 0, to_1000);
  const Creation expected{.length = 1000, .metadata = {{"filename", "a"}}, .metadata_text = "filename YQ=="};
  EXPECT_EQ(plain.value(), expected);
  EXPECT_EQ(decide_creation({{"Upload-Defer-Length", "1"}}, 0, to_1000).value(), Creation{});
  EXPECT_EQ(decide_creation({{"Upload-Length", "0"}}, 0, unlimited).value(), Creation{.length = 0});

  const Fields with_content{
      {"Upload-Length", "10"}, {"Content-Type", type}, {"Upload-Checksum", sha1_of_nothing}};
  for (const std::optional<std::uint64_t> content : {std::optional<std::uint64_t>{4}, {}}) {
    const auto creation = decide_creation(with_content, content, unlimited).value();
    EXPECT_TRUE(creation.has_content);
    EXPECT_EQ(creation.content_max, 10u);
    EXPECT_EQ(write_checksum(creation.checksum.value()), sha1_of_nothing);
  }
  const Fields deferred{{"Upload-Defer-Length", "1"}, {"Content-Type", type}};
  EXPECT_EQ(decide_creation(deferred, std::nullopt, to_1000).value().content_max, 1000u);

  const Fields final{{"Upload-Concat", "final;/a /b"}, {"Upload-Metadata", ""}};
  EXPECT_EQ(decide_creation(final, 0, to_1000).value().concatenation.parts.size(), 2u);
  const Fields partial{{"Upload-Concat", "partial"}, {"Upload-Length", "5"}};
  EXPECT_EQ(decide_creation(partial, 0, to_1000).value().concatenation.role, Role::partial);
}

TEST(TusServer, RefusesToCreate) {
  struct Row {
    Fields request;
    Refusal refusal;
    std::optional<std::uint64_t> content = 0;
  };
  const Refusal malformed{400, "Upload-Length is malformed"};
  const Row rows[] = {
      {{}, {400, "neither Upload-Length nor Upload-Defer-Length"}},
      {{{"Upload-Length", "5"}, {"Upload-Defer-Length", "1"}},
       {400, "Upload-Length and Upload-Defer-Length"}},
      {{{"Upload-Length", "-5"}}, malformed},
      {{{"Upload-Length", "+5"}}, malformed},
      {{{"Upload-Length", ""}}, malformed},
      {{{"Upload-Length", "5.0"}}, malformed},
      {{{"Upload-Length", "0x5"}}, malformed},
      {{{"Upload-Length", "9223372036854775808"}}, malformed},
      {{{"Upload-Length", "99999999999999999999"}}, malformed},
      {{{"Upload-Length", "5"}, {"Upload-Length", "5"}}, malformed},
      {{{"Upload-Defer-Length", "0"}}, {400, "Upload-Defer-Length is not 1"}},
      {{{"Upload-Defer-Length", "yes"}}, {400, "Upload-Defer-Length is not 1"}},
      {{{"Upload-Length", "1001"}}, {413, "the upload is too large"}},
      {{{"Upload-Length", "5"}, {"Upload-Metadata", "a YQ"}}, {400, "Upload-Metadata is malformed"}},
      {{{"Upload-Length", "5"}, {"Upload-Metadata", "a"}, {"Upload-Metadata", "b"}},
       {400, "Upload-Metadata is malformed"}},
      {{{"Upload-Length", "5"}, {"Upload-Concat", "part"}}, {400, "Upload-Concat is malformed"}},
      {{{"Upload-Concat", "final;/a"}, {"Upload-Length", "5"}},
       {400, "a final upload has no length of its own"}},
      {{{"Upload-Concat", "final;/a"}, {"Upload-Defer-Length", "1"}},
       {400, "a final upload has no length of its own"}},
      {{{"Upload-Concat", "final;/a"}, {"Content-Type", type}},
       {400, "a final upload has no content of its own"},
       5},
      {{{"Upload-Length", "5"}}, {415, "the Content-Type is not application/offset+octet-stream"}, 5},
      {{{"Upload-Length", "5"}, {"Content-Type", "text/plain"}},
       {415, "the Content-Type is not application/offset+octet-stream"},
       std::nullopt},
      {{{"Upload-Length", "5"}, {"Content-Type", type}}, {413, "the content is longer than the upload"}, 6},
      {{{"Upload-Length", "5"}, {"Content-Type", type}, {"Upload-Checksum", "crc32 AAAAAA=="}},
       {400, "Upload-Checksum is malformed, or of an algorithm that is not known"},
       5},
  };
  for (const auto& row : rows)
    EXPECT_EQ(refusal_of(row.request, row.content), row.refusal) << row.refusal.words;
}

TEST(TusServer, AppendsWhereTheUploadStands) {
  const Upload known{.offset = 10, .length = 100};
  const Upload deferred{.offset = 10};
  const Fields plain{{"Content-Type", "Application/Offset+octet-stream"}, {"Upload-Offset", "10"}};
  const auto at_10 = decide_append(plain, 90, Standing::present, known, unlimited);
  EXPECT_EQ(at_10.value(), Append{.content_max = 90});
  EXPECT_EQ(decide_append(plain, {}, Standing::present, deferred, to_1000).value(),
            Append{.content_max = 990});
  const Fields says{{"Content-Type", type}, {"Upload-Offset", "10"}, {"Upload-Length", "50"}};
  const Append expected{.length = 50, .content_max = 40};
  EXPECT_EQ(decide_append(says, 0, Standing::present, deferred, to_1000).value(), expected);
  const Fields again{{"Content-Type", type}, {"Upload-Offset", "10"}, {"Upload-Length", "100"}};
  EXPECT_EQ(decide_append(again, 1, Standing::present, known, to_1000).value(), Append{.content_max = 90});
  const Fields done{{"Content-Type", type}, {"Upload-Offset", "100"}};
  const Upload complete{.offset = 100, .length = 100};
  EXPECT_EQ(decide_append(done, 0, Standing::present, complete, unlimited).value(), Append{});
}

TEST(TusServer, RefusesToAppend) {
  struct Row {
    Fields request;
    Refusal refusal;
    Upload upload = {.offset = 10, .length = 100};
    std::optional<std::uint64_t> content = 1;
    Standing standing = Standing::present;
  };
  const Upload deferred{.offset = 10};
  const Upload final{.offset = 10, .length = 10, .concatenation = {Role::final, {"/a"}}};
  const Row rows[] = {
      {{}, {404, "there is no such upload"}, {}, 1, Standing::unknown},
      {{}, {410, "the upload is gone"}, {}, 1, Standing::gone},
      {{{"Content-Type", type}, {"Upload-Offset", "10"}}, {403, "a final upload takes no bytes"}, final},
      {{{"Upload-Offset", "10"}}, {415, "the Content-Type is not application/offset+octet-stream"}},
      {{{"Content-Type", "text/plain"}, {"Upload-Offset", "10"}},
       {415, "the Content-Type is not application/offset+octet-stream"}},
      {{{"Content-Type", type}}, {400, "there is no Upload-Offset"}},
      {{{"Content-Type", type}, {"Upload-Offset", "-1"}}, {400, "Upload-Offset is malformed"}},
      {{{"Content-Type", type}, {"Upload-Offset", "10"}, {"Upload-Offset", "10"}},
       {400, "Upload-Offset is malformed"}},
      {{{"Content-Type", type}, {"Upload-Offset", "9"}},
       {409, "Upload-Offset is not where the upload stands"}},
      {{{"Content-Type", type}, {"Upload-Offset", "11"}},
       {409, "Upload-Offset is not where the upload stands"}},
      {{{"Content-Type", type}, {"Upload-Offset", "10"}, {"Upload-Length", "99"}},
       {400, "the length has changed"}},
      {{{"Content-Type", type}, {"Upload-Offset", "10"}, {"Upload-Length", "x"}},
       {400, "Upload-Length is malformed"}},
      {{{"Content-Type", type}, {"Upload-Offset", "10"}, {"Upload-Length", "9"}},
       {400, "Upload-Length is less than what is there"},
       deferred},
      {{{"Content-Type", type}, {"Upload-Offset", "10"}, {"Upload-Length", "1001"}},
       {413, "the upload is too large"},
       deferred},
      {{{"Content-Type", type}, {"Upload-Offset", "10"}},
       {413, "the content is longer than the upload"},
       {.offset = 10, .length = 100},
       91},
      {{{"Content-Type", type}, {"Upload-Offset", "10"}},
       {413, "the content is longer than the upload"},
       deferred,
       991},
      {{{"Content-Type", type}, {"Upload-Offset", "10"}, {"Upload-Checksum", "sha1"}},
       {400, "Upload-Checksum is malformed, or of an algorithm that is not known"}},
  };
  for (const auto& row : rows) {
    const auto append = decide_append(row.request, row.content, row.standing, row.upload, to_1000);
    ASSERT_FALSE(append) << row.refusal.words;
    EXPECT_EQ(append.error(), row.refusal) << row.refusal.words;
  }
}

TEST(TusServer, JoinsCompleteParts) {
  const Concatenation partial{Role::partial, {}};
  const Upload one{.offset = 400, .length = 400, .concatenation = partial};
  const Upload half{.offset = 4, .length = 400, .concatenation = partial};
  const Upload open{.offset = 4, .concatenation = partial};
  const Upload whole{.offset = 4, .length = 4};
  EXPECT_EQ(decide_final({&one, &one}, to_1000).value(), 800u);
  EXPECT_EQ(decide_final({&one, nullptr}, to_1000).error(), (Refusal{404, "a part is not there"}));
  EXPECT_EQ(decide_final({&whole}, to_1000).error(), (Refusal{400, "what is to be a part is none"}));
  EXPECT_EQ(decide_final({&half}, to_1000).error(), (Refusal{409, "a part is not complete"}));
  EXPECT_EQ(decide_final({&open}, to_1000).error(), (Refusal{409, "a part is not complete"}));
  EXPECT_EQ(decide_final({&one, &one, &one}, to_1000).error(), (Refusal{413, "the upload is too large"}));
  EXPECT_EQ(decide_final({&one, &one, &one}, unlimited).value(), 1200u);
}

std::string text_of_fields(const std::vector<SentField>& fields) {
  std::string text;
  for (const auto& sent : fields)
    text += std::string(sent.name) + ": " + sent.value + "\n";
  return text;
}

TEST(TusServer, TellsWhatItGrantsAndHowAnUploadStands) {
  EXPECT_EQ(
      text_of_fields(offer_fields(to_1000)),
      "Tus-Resumable: 1.0.0\nTus-Version: 1.0.0\nTus-Extension: "
      "creation,creation-with-upload,creation-defer-length,checksum,termination,expiration,concatenation\n"
      "Tus-Checksum-Algorithm: sha1,sha256,md5\nTus-Max-Size: 1000\n");
  EXPECT_EQ(offer_fields(unlimited).size(), 4u);

  const http::Date soon{std::chrono::seconds(1'000'000'000)};
  const Upload upload{.offset = 1, .length = 5, .metadata = "a YQ==", .expires = soon};
  EXPECT_EQ(text_of_fields(progress_fields(upload)),
            "Tus-Resumable: 1.0.0\nUpload-Offset: 1\nUpload-Expires: Sun, 09 Sep 2001 01:46:40 GMT\n");
  EXPECT_EQ(text_of_fields(state_fields(upload)),
            "Tus-Resumable: 1.0.0\nUpload-Offset: 1\nUpload-Expires: Sun, 09 Sep 2001 01:46:40 GMT\n"
            "Upload-Length: 5\nUpload-Metadata: a YQ==\nCache-Control: no-store\n");
  EXPECT_EQ(text_of_fields(state_fields({.concatenation = {Role::partial, {}}})),
            "Tus-Resumable: 1.0.0\nUpload-Offset: 0\nUpload-Defer-Length: 1\nUpload-Concat: partial\n"
            "Cache-Control: no-store\n");
  const Upload complete{.offset = 5, .length = 5, .expires = soon};
  EXPECT_EQ(text_of_fields(progress_fields(complete)), "Tus-Resumable: 1.0.0\nUpload-Offset: 5\n");
}

}  // namespace
}  // namespace yam::proto::tus
