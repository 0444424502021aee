#include "yam/service/http_get/part_file.hpp"

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "yam/store/temporary_folder_test.hpp"

namespace yam::service {
namespace {

using Existing = PartFile::Existing;
using Names = std::set<std::string>;

std::unique_ptr<PartFile> opened(const store::TemporaryFolder& folder, const std::string& name = "a",
                                 Existing existing = Existing::kept) {
  auto part = PartFile::open(folder.path(name), existing);
  EXPECT_TRUE(part) << part.error().what;
  return part ? std::move(*part) : nullptr;
}

// So much of a file of 1000 bytes.
void write(PartFile& part, const std::string& text, const std::string& tag = "\"t\"") {
  part.ledger().url = "http://a/";
  part.ledger().tag = tag;
  part.ledger().size_bytes = 1000;
  EXPECT_EQ(::pwrite(part.fd(), text.data(), text.size(), 0), static_cast<ssize_t>(text.size()));
  part.ledger().there.add({0, text.size()});
}

TEST(PartFile, AppearsWhole) {
  const store::TemporaryFolder folder;
  auto part = opened(folder);
  write(*part, "hello");
  EXPECT_EQ(folder.names(), Names({"a.part"}));
  EXPECT_TRUE(part->save());
  EXPECT_EQ(folder.names(), Names({"a.part", "a.part.yam"}));
  EXPECT_TRUE(part->commit(std::chrono::sys_seconds(std::chrono::seconds(1000))));
  part.reset();
  EXPECT_EQ(folder.names(), Names({"a"}));
  EXPECT_EQ(folder.content("a"), "hello");
  struct stat status{};
  ::stat(folder.path("a").c_str(), &status);
  EXPECT_EQ(status.st_mtime, 1000);
}

// As if the machine had crashed.
void change_boot(const store::TemporaryFolder& folder) {
  std::string text = folder.content("a.part.yam");
  const std::size_t at = text.find("boot ");
  text.replace(at, text.find('\n', at) - at, "boot another");
  folder.put("a.part.yam", text);
}

TEST(PartFile, AfterACrashWhatWasSyncedCounts) {
  const store::TemporaryFolder folder;
  {
    auto part = opened(folder);
    write(*part, "hello");
    part->ledger().verified.add({0, 3});
    auto sync = part->begin_sync();
    ASSERT_TRUE(sync);
    part->ledger().there.add({5, 9});
    EXPECT_EQ(::pwrite(part->fd(), "more", 4, 5), 4);
    EXPECT_TRUE(sync->run());
    part->end_sync(true);
    EXPECT_EQ(part->ledger().synced.spans(), (std::vector<Span>{{0, 5}}));
  }
  EXPECT_EQ(folder.names(), Names({"a.part", "a.part.yam"}));
  EXPECT_EQ(opened(folder)->ledger().there.bytes(), 9U) << "a kill costs nothing";
  change_boot(folder);
  auto part = opened(folder);
  EXPECT_EQ(part->ledger().there.spans(), (std::vector<Span>{{0, 5}}));
  EXPECT_EQ(part->ledger().verified.bytes(), 3U);
  EXPECT_TRUE(part->can_go_on());
}

TEST(PartFile, WhatWasForgottenWhileItWasSyncedIsNotThere) {
  const store::TemporaryFolder folder;
  auto part = opened(folder);
  write(*part, "hello");
  auto sync = part->begin_sync();
  ASSERT_TRUE(sync);
  part->forget({1, 2});
  part->ledger().there.add({1, 2});
  EXPECT_TRUE(sync->run());
  part->end_sync(true);
  EXPECT_TRUE(part->ledger().synced.empty());
  EXPECT_EQ(folder.names(), Names({"a.part"}));
  sync = part->begin_sync();
  ASSERT_TRUE(sync);
  EXPECT_TRUE(part->commit(std::nullopt));
  EXPECT_TRUE(sync->run()) << "nobody waits for it any more";
  EXPECT_EQ(folder.names(), Names({"a"}));
}

TEST(PartFile, WithoutASyncACrashTakesEverything) {
  const store::TemporaryFolder folder;
  write(*opened(folder), "hello");
  change_boot(folder);
  EXPECT_FALSE(opened(folder)->can_go_on());
}

TEST(PartFile, KeepsWhatCanGoOn) {
  const store::TemporaryFolder folder;
  write(*opened(folder), "hello");
  EXPECT_EQ(folder.names(), Names({"a.part", "a.part.yam"}));
  EXPECT_EQ(opened(folder)->ledger().there.front_bytes(), 5U);
  write(*opened(folder, "b"), "hello", "");
  opened(folder, "c");
  EXPECT_EQ(folder.names(), Names({"a.part", "a.part.yam"}));
  EXPECT_TRUE(opened(folder)->restart());
  EXPECT_EQ(folder.names(), Names());
}

TEST(PartFile, TrustsALengthThatGrewInOrder) {
  const store::TemporaryFolder folder;
  for (const bool in_order : {true, false}) {
    auto part = opened(folder);
    EXPECT_TRUE(part->restart());
    write(*part, "hello");
    part->ledger().is_in_order = in_order;
    EXPECT_TRUE(part->save());
    EXPECT_EQ(::pwrite(part->fd(), "world", 5, 5), 5);  // and a kill -9 here
    folder.put("ledger", folder.content("a.part.yam"));
    part.reset();
    folder.put("a.part.yam", folder.content("ledger"));
    EXPECT_EQ(opened(folder)->ledger().there.front_bytes(), in_order ? 10U : 5U);
  }
}

TEST(PartFile, DoesNotTrustWhatIsNotAsItWasLeft) {
  const store::TemporaryFolder folder;
  const auto trusted = [&](const std::function<void()>& alter) {
    write(*opened(folder), "hello");
    alter();
    auto part = opened(folder);
    const bool is_trusted = part->can_go_on();
    EXPECT_EQ(folder.content("a.part"), is_trusted ? "hello" : "");
    static_cast<void>(part->restart());
    return is_trusted;
  };
  EXPECT_TRUE(trusted([] {}));
  EXPECT_FALSE(trusted([&] { folder.put("a.part", "hellO"); }));
  EXPECT_FALSE(trusted([&] { folder.put("a.part", "hell"); }));
  EXPECT_FALSE(trusted([&] {
    std::string text = folder.content("a.part.yam");
    folder.put("a.part.yam", text.replace(text.find("boot "), 6, "boot x"));
  }));
}

TEST(PartFile, LeavesWhatIsNotOurs) {
  const store::TemporaryFolder folder;
  folder.put("a.part", "somebody's");
  folder.put("a.part.yam", "no ledger");
  auto part = opened(folder);
  write(*part, "hello");
  EXPECT_EQ(part->part_path(), folder.path("a.2.part"));
  EXPECT_TRUE(part->commit({}));
  EXPECT_EQ(folder.names(), Names({"a", "a.part", "a.part.yam"}));
  EXPECT_EQ(PartFile::open(folder.path("a"), Existing::kept).error().hint, "--force replaces it");
  auto replaced = opened(folder, "a", Existing::replaced);
  EXPECT_TRUE(replaced->commit({}));
  EXPECT_EQ(folder.content("a"), "");
  folder.make_folder("d");
  EXPECT_FALSE(PartFile::open(folder.path("d"), Existing::replaced));
  EXPECT_FALSE(PartFile::open(folder.path("none/x"), Existing::replaced));
}

TEST(PartFile, IsOneProgramsAlone) {
  const store::TemporaryFolder folder;
  auto part = opened(folder);
  write(*part, "hello");
  EXPECT_TRUE(part->save());
  const auto second = PartFile::open(folder.path("a"), Existing::kept);
  EXPECT_NE(second.error().what.find("another yam"), std::string::npos);
}

TEST(PartFile, HasALedgerForTheLongestName) {
  const store::TemporaryFolder folder;
  const std::string name(255, 'n');
  auto part = opened(folder, name);
  write(*part, "hello");
  EXPECT_TRUE(part->save());
  EXPECT_TRUE(part->commit({}));
  part.reset();
  EXPECT_EQ(folder.names(), Names({name}));
}

TEST(PartFile, LosesTheRaceForItsName) {
  const store::TemporaryFolder folder;
  auto part = opened(folder);
  write(*part, "hello");
  folder.put("a", "first");
  EXPECT_EQ(part->commit({}).error().code, Code::local);
  EXPECT_EQ(folder.content("a"), "first");
}

}  // namespace
}  // namespace yam::service
