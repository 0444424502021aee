#include "yam/store/upload/upload_store.hpp"

#include <filesystem>
#include <optional>
#include <unistd.h>

#include <gtest/gtest.h>

#include "yam/store/temporary_folder_test.hpp"

namespace yam::store {
namespace {

const std::chrono::sys_seconds later{std::chrono::seconds(2'000'000'000)};
using Names = std::set<std::string>;

class UploadStoreTest : public testing::Test {
 protected:
  UploadStoreTest() {
    around_.make_folder("share/sub");
    folder_.emplace(Folder::open(around_.path("share")).value());
    store_.emplace(*folder_, false);
  }

  void append(const UploadId& id, std::string_view bytes) const {
    auto opened = store_->open(id).value();
    ASSERT_TRUE(opened);
    ASSERT_TRUE(opened->file.write(bytes_of(bytes)));
  }
  std::uint64_t offset(const UploadId& id) const { return store_->look(id).value().offset; }

  TemporaryFolder around_;
  std::optional<Folder> folder_;
  std::optional<UploadStore> store_;
};

TEST(UploadRecord, ComesBackAsItWas) {
  UploadRecord full{
      .name = "a/文\n.txt", .length = UINT64_MAX, .if_exists = IfExists::number, .expires = later};
  full.metadata = "filename YQ==";
  full.concatenation = "final;/a /b";
  full.proven = 0;
  full.finished_name = " x ";
  full.sha256 = Bytes(32, std::byte{7});
  for (const auto& record : {UploadRecord{}, full})
    EXPECT_EQ(parse_record(write_record(record)), record);
  const std::string text = write_record(full);
  for (std::size_t cut = 0; cut < text.size(); ++cut)
    EXPECT_EQ(parse_record(text.substr(0, cut)), std::nullopt) << cut;
  EXPECT_EQ(parse_record(text + "x"), std::nullopt);
  for (const std::string line :
       {"length -1", "length x", "if-exists 3", "name !", "other 1", "length", " ", ""})
    EXPECT_EQ(parse_record("yam upload 1\n" + line + "\nend\n"), std::nullopt) << line;
}

TEST(UploadId, IsHexAndNothingElse) {
  const auto id = UploadId::draw();
  EXPECT_EQ(UploadId::parse(id.digits), id);
  EXPECT_NE(UploadId::draw(), id);
  for (const std::string text : {"", "../../../../../../../../etc/pass", "0123456789abcdef0123456789ABCDEF",
                                 "0123456789abcdef0123456789abcde", "0123456789abcdef0123456789abcdef0"})
    EXPECT_EQ(UploadId::parse(text), std::nullopt) << text;
}

TEST_F(UploadStoreTest, GoesOnAndEndsWithItsName) {
  const auto id =
      store_->create({.name = "sub/文.txt", .length = 6, .expires = later, .metadata = "m"}).value();
  EXPECT_EQ(around_.names("share/sub"), Names{"文.txt." + id.digits + ".part"});
  append(id, "abc");
  EXPECT_EQ(offset(id), 3u);

  // Another process, later.
  const UploadStore again(*folder_, false);
  auto opened = again.open(id).value();
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->offset, 3u);
  EXPECT_EQ(opened->record.metadata, "m");
  ASSERT_TRUE(opened->file.write(bytes_of("def")));
  EXPECT_EQ(opened->file.commit().value(), "sub/文.txt");
  opened->record.finished_name = "sub/文.txt";
  ASSERT_TRUE(again.note(id, opened->record));
  opened.reset();
  EXPECT_EQ(around_.content("share/sub/文.txt"), "abcdef");
  EXPECT_EQ(around_.names("share/sub"), Names{"文.txt"});
  EXPECT_EQ(around_.names("share/.yam.part"), Names{"finished"});  // where it does not count any more
  EXPECT_EQ(offset(id), 6u);
  EXPECT_FALSE(store_->open(id).value());
  EXPECT_TRUE(store_->remove(id));
  EXPECT_EQ(around_.content("share/sub/文.txt"), "abcdef");
  EXPECT_EQ(store_->look(id).error(), (Error{Code::not_found, "there is no such upload", ""}));
}

TEST_F(UploadStoreTest, OneAtATimeHasIt) {
  const auto id = store_->create({.name = "a.txt", .expires = later}).value();
  auto one = store_->open(id).value();
  ASSERT_TRUE(one);
  EXPECT_FALSE(store_->open(id).value());
  EXPECT_EQ(offset(id), 0u);  // who only looks may
  one.reset();
  EXPECT_TRUE(store_->open(id).value());
}

TEST_F(UploadStoreTest, WhatNoChecksumProvedDoesNotCount) {
  const auto id = store_->create({.name = "a.txt", .expires = later}).value();
  append(id, "good");
  auto record = store_->look(id).value().record;
  record.proven = 4;
  ASSERT_TRUE(store_->note(id, record));
  auto opened = store_->open(id).value();
  ASSERT_TRUE(opened->file.write(bytes_of("doubtful")));
  EXPECT_EQ(offset(id), 4u);
  opened.reset();  // killed
  opened = store_->open(id).value();
  EXPECT_EQ(opened->offset, 4u);
  ASSERT_TRUE(opened->file.write(bytes_of("!")));
  EXPECT_EQ(around_.content("share/a.txt." + id.digits + ".part"), "good!");
}

TEST_F(UploadStoreTest, NobodyReachesItByName) {
  const auto id = store_->create({.name = "a.txt", .expires = later}).value();
  const auto part = store_->create({.expires = later}).value();
  const std::string record = ".yam.part/" + id.digits + ".upload";
  ASSERT_TRUE(std::filesystem::exists(around_.path("share/" + record)));
  ASSERT_TRUE(std::filesystem::exists(around_.path("share/.yam.part/" + part.digits + ".data.part")));
  for (const std::string& name : {record, std::string(".yam.part"), "a.txt." + id.digits + ".part"}) {
    EXPECT_EQ(folder_->open_file(name).error().code, Code::refused) << name;
    EXPECT_EQ(folder_->remove_file(name).error().code, Code::refused) << name;
    EXPECT_EQ(folder_->rename(name, "x", true).error().code, Code::refused) << name;
    EXPECT_EQ(folder_->create_file(name).error().code, Code::refused) << name;
  }
  EXPECT_EQ(folder_->open_folder(".yam.part").error().code, Code::refused);
  std::vector<FolderEntry> entries;
  ASSERT_TRUE(folder_->read_folder("").value().read(entries));
  ASSERT_EQ(entries.size(), 1u);
  EXPECT_EQ(entries[0].name, "sub");
}

TEST_F(UploadStoreTest, RefusesATakenNameAtOnceOrAtTheEnd) {
  around_.put("share/a.txt", "old");
  EXPECT_EQ(store_->create({.name = "a.txt", .expires = later}).error(),
            (Error{Code::refused, "cannot write \"a.txt\": it already exists", ""}));
  EXPECT_EQ(store_->create({.name = "../a.txt"}).error().code, Code::usage);
  EXPECT_EQ(store_->create({.name = "none/a.txt"}).error().code, Code::not_found);
  const auto late = store_->create({.name = "b.txt", .expires = later}).value();
  around_.put("share/b.txt", "old");
  auto opened = store_->open(late);
  EXPECT_EQ(opened.value()->file.commit().error().code, Code::refused);
  opened.value().reset();
  const UploadRecord numbered{.name = "a.txt", .if_exists = IfExists::number, .expires = later};
  const auto second = store_->create(numbered).value();
  EXPECT_EQ(store_->open(second).value()->file.commit().value(), "a-2.txt");
}

TEST_F(UploadStoreTest, RemovesWhatExpiredButNotWhatIsInUse) {
  const std::chrono::sys_seconds past{std::chrono::seconds(1000)};
  const auto old = store_->create({.name = "old", .expires = past}).value();
  const auto part = store_->create({.expires = past}).value();
  const auto in_use = store_->create({.name = "in use", .expires = past}).value();
  const auto fresh = store_->create({.name = "fresh", .expires = later}).value();
  const auto holder = store_->open(in_use).value();
  around_.put("share/somebody.part", "not ours");
  EXPECT_EQ(store_->remove_expired(later), 2u);
  EXPECT_EQ(store_->remove_expired(later), 0u);
  EXPECT_FALSE(store_->look(old));
  EXPECT_FALSE(store_->look(part));
  EXPECT_TRUE(store_->look(in_use));
  EXPECT_TRUE(store_->look(fresh));
  EXPECT_EQ(around_.content("share/somebody.part"), "not ours");
  EXPECT_EQ(around_.names("share").size(), 5u);  // sub, .yam.part, somebody.part, and two uploads
}

TEST_F(UploadStoreTest, ABrokenRecordIsNoUpload) {
  const auto id = store_->create({.name = "a.txt", .expires = later}).value();
  around_.put("share/.yam.part/" + id.digits + ".upload", "yam upload 1\nname YS50eHQ=\n");
  EXPECT_EQ(store_->look(id).error().code, Code::not_found);
  EXPECT_EQ(store_->open(id).error().code, Code::not_found);
  EXPECT_EQ(store_->remove_expired(later), 0u);
  EXPECT_TRUE(store_->remove(id));
  const auto gone = store_->create({.name = "b.txt", .expires = later}).value();
  std::filesystem::remove(around_.path("share/b.txt." + gone.digits + ".part"));
  EXPECT_EQ(store_->look(gone).error().code, Code::not_found);
}

TEST_F(UploadStoreTest, KnowsAFileThatGotItsNameJustBeforeAKill) {
  const auto id = store_->create({.name = "a.txt", .length = 3, .expires = later}).value();
  append(id, "abc");
  auto opened = store_->open(id).value();
  opened->record.sha256 = Bytes(32, std::byte{1});
  ASSERT_TRUE(store_->note(id, opened->record));
  ASSERT_TRUE(opened->file.commit());
  opened.reset();  // killed: the record does not say so
  const auto state = store_->look(id).value();
  EXPECT_EQ(state.record.finished_name, "a.txt");
  EXPECT_EQ(state.offset, 3u);
  around_.put("share/a.txt", "other");
  EXPECT_EQ(store_->look(id).error().code, Code::not_found);
}

// A link in the place of our folder leads nowhere.
TEST_F(UploadStoreTest, OurFolderIsNoLink) {
  around_.make_folder("outside");
  around_.link("share/.yam.part", "sub");
  EXPECT_FALSE(store_->create({.name = "a.txt"}));
  EXPECT_EQ(around_.names("share/sub"), Names{});
  EXPECT_EQ(around_.names("share"), (Names{"sub", ".yam.part"}));
}

}  // namespace
}  // namespace yam::store
