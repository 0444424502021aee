#include "yam/proto/tus/client.hpp"

#include <gtest/gtest.h>

#include "yam/proto/tus/server.hpp"

namespace yam::proto::tus {
namespace {

using http::Fields;

// What one end sends, as the other one receives it.
Fields received(const std::vector<SentField>& sent) {
  Fields fields;
  for (const auto& one : sent)
    fields.add({one.name, one.value});
  return fields;
}

TEST(TusClient, KnowsWhatAServerGrants) {
  const auto sent = offer_fields({.size_max = 7});
  const Offer all{.speaks_tus = true,
                  .creation = true,
                  .creation_with_upload = true,
                  .defer_length = true,
                  .checksum_sha1 = true,
                  .checksum_sha256 = true,
                  .termination = true,
                  .concatenation = true,
                  .size_max = 7};
  EXPECT_EQ(read_offer(received(sent)), all);
  EXPECT_EQ(read_offer({}), Offer{});
  EXPECT_EQ(read_offer({{"Tus-Version", "0.2.2"}}), Offer{});
  EXPECT_TRUE(read_offer({{"Tus-Version", "0.2.2, 1.0.0"}}).speaks_tus);
  EXPECT_TRUE(read_offer({{"Tus-Resumable", "1.0.0"}}).speaks_tus);
  EXPECT_FALSE(read_offer({{"Tus-Checksum-Algorithm", "sha1"}}).checksum_sha1);
}

TEST(TusClient, AsksForWhatAServerUnderstands) {
  const Checksum checksum{ChecksumKind::sha1, Bytes(20)};
  const NewUpload upload{
      .length = 10, .metadata = {{"filename", "文"}}, .with_content = true, .checksum = checksum};
  const auto sent = creation_fields(upload);
  const auto creation = decide_creation(received(sent), 10, {}).value();
  EXPECT_EQ(creation.length, 10u);
  EXPECT_EQ(creation.metadata, upload.metadata);
  EXPECT_EQ(creation.checksum, checksum);
  const auto deferred = creation_fields({});
  EXPECT_EQ(decide_creation(received(deferred), 0, {}).value(), Creation{});
  const auto final = creation_fields({.concatenation = {Role::final, {"/a", "/b"}}});
  EXPECT_EQ(decide_creation(received(final), 0, {}).value().concatenation.parts.size(), 2u);

  const auto piece = piece_fields({.offset = 4, .length = 9, .checksum = checksum});
  const Append expected{.length = 9, .checksum = checksum, .content_max = 5};
  EXPECT_EQ(decide_append(received(piece), 5, Standing::present, {.offset = 4}, {}).value(), expected);
  for (const auto& fields : {sent, deferred, final, piece, plain_fields()})
    EXPECT_TRUE(check_version(received(fields)));
}

TEST(TusClient, ReadsAnswers) {
  const auto created = read_created(201, {{"Location", "/u/1"}, {"Upload-Offset", "3"}}).value();
  EXPECT_EQ(created.location, "/u/1");
  EXPECT_EQ(created.offset, 3u);
  EXPECT_EQ(read_created(201, {{"Location", "x"}}).value().offset, 0u);
  const auto position = read_position(200, {{"Upload-Offset", "3"}, {"Upload-Length", "9"}}).value();
  EXPECT_EQ(position.offset, 3u);
  EXPECT_EQ(position.length, 9u);
  EXPECT_EQ(read_appended(204, {{"Upload-Offset", "13"}}, 10, 5).value(), 13u);
}

TEST(TusClient, TrustsNoAnswer) {
  const auto code = [](const auto& result) { return result ? std::string("fine") : result.error().what; };
  EXPECT_EQ(code(read_created(201, {})), "the server made an upload and does not say where");
  EXPECT_EQ(code(read_position(200, {})), "the server does not say where the upload stands");
  EXPECT_EQ(code(read_position(200, {{"Upload-Offset", "-1"}})),
            "the server does not say where the upload stands");
  EXPECT_EQ(code(read_position(200, {{"Upload-Offset", "9"}, {"Upload-Length", "3"}})),
            "the server has more of the upload than there is");
  for (const char* offset : {"9", "16", "99999999999999999999"})
    EXPECT_FALSE(read_appended(204, {{"Upload-Offset", offset}}, 10, 5)) << offset;
  struct Row {
    unsigned status;
    Code code;
  };
  for (const Row& row : {Row{404, Code::not_found},
                         {410, Code::not_found},
                         {409, Code::refused},
                         {412, Code::refused},
                         {413, Code::refused},
                         {423, Code::refused},
                         {460, Code::verification},
                         {500, Code::refused},
                         {301, Code::refused}}) {
    EXPECT_EQ(read_created(row.status, {}).error().code, row.code);
    EXPECT_EQ(read_position(row.status, {}).error().code, row.code);
    EXPECT_EQ(read_appended(row.status, {}, 0, 0).error().code, row.code);
  }
}

}  // namespace
}  // namespace yam::proto::tus
