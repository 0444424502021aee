#include "yam/store/mapped_file.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "yam/store/temporary_folder_test.hpp"

namespace yam::store {
namespace {

class MappedFileTest : public testing::Test {
 protected:
  // `size` bytes of "x", mapped.
  MappedFile mapped(std::size_t size) {
    folder_.put("file", std::string(size, 'x'));
    net::Fd fd(::open(folder_.path("file").c_str(), O_RDONLY | O_CLOEXEC));
    return MappedFile::map(std::move(fd), size).value();
  }
  void cut(off_t size) { ASSERT_EQ(::truncate(folder_.path("file").c_str(), size), 0); }

  TemporaryFolder folder_;
};

TEST_F(MappedFileTest, HoldsTheBytesOfTheFile) {
  const auto file = mapped(10'000);
  EXPECT_EQ(string_of(file.bytes()), std::string(10'000, 'x'));
  EXPECT_TRUE(file.is_unchanged());
  EXPECT_EQ(mapped(0).size(), 0U);
}

TEST_F(MappedFileTest, MovesWithItsMemory) {
  auto file = mapped(5);
  const MappedFile moved = std::move(file);
  EXPECT_EQ(string_of(moved.bytes()), "xxxxx");
}

TEST_F(MappedFileTest, OneThatWasCutIsNotWholeAndItsLostPagesFailTheCallThatReadsThem) {
  const auto file = mapped(20'000);
  cut(19'999);
  EXPECT_FALSE(file.is_unchanged());
  cut(0);
  const net::Fd elsewhere(::open(folder_.path("copy").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
  EXPECT_EQ(::write(elsewhere.get(), file.bytes().data(), 10), -1);
  EXPECT_EQ(errno, EFAULT);
}

TEST_F(MappedFileTest, OneThatWasWrittenToIsAnother) {
  const auto file = mapped(5);
  const timespec earlier[2] = {{.tv_sec = 1, .tv_nsec = 0}, {.tv_sec = 1, .tv_nsec = 0}};
  ASSERT_EQ(::futimens(file.fd(), earlier), 0);
  EXPECT_FALSE(file.is_unchanged());
}

TEST_F(MappedFileTest, WhatCannotBeMappedIsAnError) {
  net::Fd folder(::open(folder_.path().c_str(), O_RDONLY | O_CLOEXEC));
  EXPECT_EQ(MappedFile::map(std::move(folder), 10).error().code, Code::local);
}

}  // namespace
}  // namespace yam::store
