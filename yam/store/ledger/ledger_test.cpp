#include "yam/store/ledger/ledger.hpp"

#include <sys/stat.h>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "yam/store/ledger/digest.hpp"
#include "yam/store/temporary_folder_test.hpp"

namespace yam::store {
namespace {

FileVersion version(std::uint64_t inode, std::uint64_t size = 10, std::int64_t modified_ns = 5) {
  return {.device = UINT64_MAX, .inode = inode, .size = size, .modified_ns = modified_ns};
}

FileHashes hashes(std::string_view content, std::uint64_t size = 10) {
  FileHashes all;
  all.sha256 = digest_of(DigestKind::sha256, bytes_of(content));
  all.piece_bytes = piece_bytes_for(size);
  for (std::uint64_t at = 0; at < size; at += all.piece_bytes)
    all.pieces.insert(all.pieces.end(), all.sha256.begin(), all.sha256.end());
  return all;
}

class LedgerTest : public testing::Test {
 protected:
  std::string path() const { return around_.path("ledger.db"); }

  TemporaryFolder around_;
};

TEST_F(LedgerTest, RemembersAFileAcrossRuns) {
  const auto big = version(2, 5'000'000'000, -1);
  {
    Ledger ledger(path());
    EXPECT_EQ(ledger.find(version(1)), std::nullopt);
    ledger.keep(version(1), hashes("a"));
    ledger.keep(big, hashes("b", big.size));
    ledger.keep(version(3, 0), hashes("", 0));
    EXPECT_EQ(ledger.take_fault(), std::nullopt);
  }
  Ledger ledger(path());
  EXPECT_EQ(ledger.find(version(1)), hashes("a"));
  EXPECT_EQ(ledger.find(big), hashes("b", big.size));
  EXPECT_EQ(ledger.find(version(3, 0)), hashes("", 0));
  EXPECT_EQ(ledger.take_fault(), std::nullopt);
  struct stat status{};
  ASSERT_EQ(::stat(path().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777u, 0600u);
}

TEST_F(LedgerTest, KnowsOneVersionOfAFile) {
  Ledger ledger(path());
  ledger.keep(version(1), hashes("old"));
  for (const auto& other : {version(2), version(1, 11), version(1, 10, 6)})
    EXPECT_EQ(ledger.find(other), std::nullopt);
  ledger.keep(version(1, 10, 6), hashes("new"));
  EXPECT_EQ(ledger.find(version(1)), std::nullopt);
  EXPECT_EQ(ledger.find(version(1, 10, 6)), hashes("new"));
}

TEST_F(LedgerTest, ForgetsTheOldestBeyondItsLimits) {
  Ledger few(path(), {.files_max = 10});
  for (std::uint64_t inode = 0; inode < 30; ++inode)
    few.keep(version(inode), hashes("x"));
  int known = 0;
  for (std::uint64_t inode = 0; inode < 30; ++inode)
    known += few.find(version(inode)).has_value();
  EXPECT_LE(known, 10);
  EXPECT_GT(known, 5);
  EXPECT_TRUE(few.find(version(29)));
  EXPECT_FALSE(few.find(version(0)));

  Ledger small(around_.path("small.db"), {.files_max = 10, .piece_bytes_max = 64});
  for (std::uint64_t inode = 0; inode < 5; ++inode)
    small.keep(version(inode), hashes("x"));
  EXPECT_TRUE(small.find(version(4)));
  EXPECT_FALSE(small.find(version(2)));
}

TEST_F(LedgerTest, ABrokenDatabaseIsMovedAside) {
  around_.put("ledger.db", std::string(10'000, 'x'));
  around_.put("ledger.db-wal", "of the broken one");
  Ledger ledger(path());
  const auto fault = ledger.take_fault();
  ASSERT_TRUE(fault);
  EXPECT_EQ(fault->code, Code::verification);
  EXPECT_EQ(fault->what, "cannot open " + path() + ": cannot use the ledger: file is not a database");
  EXPECT_EQ(fault->hint, "it lies at " + path() + ".broken now, and a new one was begun");
  EXPECT_EQ(around_.content("ledger.db.broken"), std::string(10'000, 'x'));
  ledger.keep(version(1), hashes("a"));
  EXPECT_EQ(ledger.find(version(1)), hashes("a"));
  EXPECT_EQ(ledger.take_fault(), std::nullopt);
}

TEST_F(LedgerTest, BreakingMeanwhileIsNoHarm) {
  {
    Ledger ledger(path());
    for (std::uint64_t inode = 0; inode < 2000; ++inode)
      ledger.keep(version(inode), hashes("x"));
  }
  std::string content = around_.content("ledger.db");
  ASSERT_GT(content.size(), 100'000u);
  for (std::size_t at = 4096; at < content.size(); ++at)
    content[at] = static_cast<char>(at * 31);
  around_.put("ledger.db", content);
  Ledger ledger(path());
  for (std::uint64_t inode = 0; inode < 50; ++inode)
    EXPECT_EQ(ledger.find(version(inode)), std::nullopt);
  const auto fault = ledger.take_fault();
  ASSERT_TRUE(fault);
  EXPECT_EQ(fault->code, Code::verification);
  ledger.keep(version(1), hashes("a"));
}

TEST_F(LedgerTest, ALockedDatabaseIsNotWaitedForLong) {
  Ledger ledger(path());
  auto other = Database::open(path()).value();
  ASSERT_TRUE(other.run("BEGIN IMMEDIATE"));
  ledger.keep(version(1), hashes("a"));
  const auto fault = ledger.take_fault();
  ASSERT_TRUE(fault);
  EXPECT_EQ(*fault, (Error{Code::local, "cannot use the ledger: database is locked", ""}));
  EXPECT_EQ(ledger.find(version(1)), std::nullopt);
  EXPECT_EQ(ledger.take_fault(), std::nullopt);  // who reads needs no lock
  ASSERT_TRUE(other.run("COMMIT"));
  ledger.keep(version(1), hashes("a"));
  EXPECT_EQ(ledger.find(version(1)), hashes("a"));
}

TEST_F(LedgerTest, GoesOnWithoutADatabase) {
  Ledger ledger(around_.path("none/ledger.db"));
  ledger.keep(version(1), hashes("a"));
  EXPECT_EQ(ledger.find(version(1)), std::nullopt);
  const std::string what = "cannot open " + around_.path("none/ledger.db") + ": no such file or directory";
  EXPECT_EQ(ledger.take_fault(), (Error{Code::local, what, ""}));
}

TEST_F(LedgerTest, ServesSeveralThreadsAndProcesses) {
  Ledger one(path()), other(path());
  std::vector<std::thread> threads;
  for (std::uint64_t thread = 0; thread < 4; ++thread)
    threads.emplace_back([&, thread] {
      for (std::uint64_t i = 0; i < 50; ++i) {
        Ledger& ledger = thread % 2 == 0 ? one : other;
        ledger.keep(version(thread * 1000 + i), hashes("x"));
        static_cast<void>(ledger.find(version(i)));
      }
    });
  for (auto& thread : threads)
    thread.join();
  int known = 0;
  for (std::uint64_t thread = 0; thread < 4; ++thread)
    for (std::uint64_t i = 0; i < 50; ++i)
      known += one.find(version(thread * 1000 + i)).has_value();
  EXPECT_GT(known, 0);  // a lock that was held for too long may have cost a few
}

}  // namespace
}  // namespace yam::store
