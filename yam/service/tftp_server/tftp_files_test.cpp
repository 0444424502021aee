#include "yam/service/tftp_server/tftp_files.hpp"

#include <optional>
#include <string>
#include <unistd.h>

#include <gtest/gtest.h>

#include "yam/store/temporary_folder_test.hpp"

namespace yam::service {
namespace {

class TftpFilesTest : public testing::Test {
 protected:
  TftpFilesTest() {
    for (int i = 0; i < 20; ++i)
      disk_.put(std::to_string(i), "content");
    root_.emplace(store::Folder::open(disk_.path()).value());
    files_.emplace(*root_, quota_);
  }

  std::shared_ptr<const store::MappedFile> open(int file, Time now) {
    TftpPermit permit;
    permit.name = std::to_string(file);
    return files_->open(permit, now).value();
  }
  static int descriptors() {
    int count = 0;
    for (const auto& each : std::filesystem::directory_iterator("/proc/self/fd"))
      count += each.exists() ? 1 : 0;
    return count;
  }

  store::TemporaryFolder disk_;
  std::optional<store::Folder> root_;
  FolderQuota quota_;
  std::optional<TftpFiles> files_;
  const Time now_{};
};

TEST_F(TftpFilesTest, AFileStaysMappedForAWhile) {
  EXPECT_EQ(files_->deadline(), never);
  const std::byte* first = open(1, now_)->bytes().data();
  EXPECT_EQ(files_->deadline(), now_ + TftpFiles::kept_for);
  EXPECT_EQ(open(1, now_ + Duration(1))->bytes().data(), first);
  EXPECT_EQ(files_->deadline(), now_ + Duration(1) + TftpFiles::kept_for);
}

TEST_F(TftpFilesTest, WhatNobodyAskedForIsLetGo) {
  const int before = descriptors();
  open(1, now_);
  open(2, now_ + Duration(1));
  EXPECT_EQ(descriptors(), before + 2);
  files_->let_go(now_ + TftpFiles::kept_for);
  EXPECT_EQ(descriptors(), before + 1);
  files_->let_go(files_->deadline());
  EXPECT_EQ(descriptors(), before);
  EXPECT_EQ(files_->deadline(), never);
}

TEST_F(TftpFilesTest, FewAreKeptAndThoseInUseStayShared) {
  const int before = descriptors();
  const auto used = open(0, now_);
  for (int i = 1; i < 20; ++i)
    open(i, now_);
  EXPECT_EQ(descriptors(), before + 1 + static_cast<int>(TftpFiles::kept_max));
  EXPECT_EQ(open(0, now_).get(), used.get());
}

TEST_F(TftpFilesTest, AFileThatWasReplacedIsAnother) {
  const auto old = open(1, now_);
  ::unlink(disk_.path("1").c_str());
  disk_.put("1", "another");
  EXPECT_EQ(string_of(open(1, now_)->bytes()), "another");
  EXPECT_EQ(string_of(old->bytes()), "content");
}

}  // namespace
}  // namespace yam::service
