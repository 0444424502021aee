#include "yam/service/tftp/write_parts.hpp"

#include <cerrno>
#include <climits>
#include <fcntl.h>
#include <vector>

#include <gtest/gtest.h>

#include "yam/net/loop/fd.hpp"
#include "yam/store/temporary_folder_test.hpp"

namespace yam::service {
namespace {

std::vector<iovec> parts_of(std::vector<std::string>& texts) {
  std::vector<iovec> parts;
  for (std::string& text : texts)
    parts.push_back({text.data(), text.size()});
  return parts;
}

TEST(WriteParts, WritesMorePiecesThanOneCallTakes) {
  store::TemporaryFolder folder;
  folder.put("a", "");
  const net::Fd file(::open(folder.path("a").c_str(), O_WRONLY | O_CLOEXEC));
  std::vector<std::string> texts(2 * IOV_MAX + 3, "ab");
  texts[5] = texts[IOV_MAX] = "";
  auto parts = parts_of(texts);
  EXPECT_EQ(write_parts(file.get(), parts), 0);
  std::vector<std::string> none(2);
  auto nothing = parts_of(none);
  EXPECT_EQ(write_parts(file.get(), nothing), 0);
  std::string all;
  for (std::size_t i = 0; i < texts.size() - 2; ++i)
    all += "ab";
  EXPECT_EQ(folder.content("a"), all);
}

TEST(WriteParts, SaysWhatFailed) {
  const net::Fd full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
  std::vector<std::string> texts(1, "a");
  auto parts = parts_of(texts);
  EXPECT_EQ(write_parts(full.get(), parts), ENOSPC);
}

}  // namespace
}  // namespace yam::service
