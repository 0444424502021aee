#include "yam/service/http_get/small_file.hpp"

#include <filesystem>

#include <gtest/gtest.h>

#include "yam/store/temporary_folder_test.hpp"

namespace yam::service {
namespace {

using Existing = PartFile::Existing;

TEST(SmallFile, AppearsWholeOrNotAtAll) {
  const store::TemporaryFolder temporary;
  const std::string path = temporary.path() + "/文件";
  SmallFolder folder;
  {
    auto file = SmallFile::create(folder, path, Existing::kept);
    ASSERT_TRUE(file && file->write(bytes_of("half")));
    EXPECT_FALSE(std::filesystem::exists(path));
    EXPECT_FALSE(SmallFile::create(folder, path, Existing::kept)) << "two at once";
  }
  EXPECT_TRUE(std::filesystem::is_empty(temporary.path()));
  auto file = SmallFile::create(folder, path, Existing::kept);
  ASSERT_TRUE(file && file->write(bytes_of("whole")));
  EXPECT_TRUE(file->commit(std::chrono::sys_seconds(std::chrono::seconds(1'000'000'000))));
  EXPECT_EQ(std::filesystem::file_size(path), 5U);
  EXPECT_FALSE(SmallFile::is_free(folder, path, Existing::kept));
  EXPECT_TRUE(SmallFile::is_free(folder, path, Existing::replaced));
}

TEST(SmallFile, TakesNoNameThatIsTakenMeanwhile) {
  const store::TemporaryFolder temporary;
  const std::string path = temporary.path() + "/a";
  SmallFolder folder;
  for (const Existing existing : {Existing::kept, Existing::replaced}) {
    auto file = SmallFile::create(folder, path, existing);
    ASSERT_TRUE(file);
    std::filesystem::create_directory(path);
    EXPECT_FALSE(file->commit(std::nullopt));
    std::filesystem::remove(path);
  }
  EXPECT_TRUE(std::filesystem::is_empty(temporary.path()));
  EXPECT_FALSE(SmallFile::create(folder, temporary.path() + "/none/a", Existing::kept));
  EXPECT_FALSE(SmallFile::create(folder, temporary.path() + "/..", Existing::kept));
}

}  // namespace
}  // namespace yam::service
