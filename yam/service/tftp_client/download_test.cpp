#include "yam/service/tftp_client/download.hpp"

#include <sys/stat.h>

#include <gtest/gtest.h>

#include "yam/net/loop/scope.hpp"
#include "yam/net/stdio.hpp"
#include "yam/store/temporary_folder_test.hpp"

namespace yam::service {
namespace {

class DownloadTest : public testing::Test {
 protected:
  DownloadTest() { loop_ = std::move(net::Loop::open().value()); }

  std::unique_ptr<net::Loop> loop_;
  store::TemporaryFolder folder_;
};

net::Task<> read_all(net::Stream* from, std::string* into, std::size_t bytes) {
  Bytes piece(4096);
  while (into->size() < bytes) {
    const auto got = co_await from->read(piece);
    if (!got || *got == 0) co_return;
    *into += text_of(ByteView(piece).first(*got));
  }
}

TEST_F(DownloadTest, WaitsForAReaderThatIsSlow) {
  ASSERT_EQ(::mkfifo(folder_.path("pipe").c_str(), 0600), 0);
  auto reader = net::open_file(*loop_, folder_.path("pipe"), net::FileUse::read);
  ASSERT_TRUE(reader);
  auto into = Download::open(*loop_, folder_.path("pipe"), Download::Existing::kept);
  ASSERT_TRUE(into) << into.error().what;

  std::string sent;
  for (int i = 0; i < 100'000; ++i)
    sent += std::to_string(i) + ' ';
  std::vector<ByteView> pieces;
  for (std::size_t at = 0; at < sent.size(); at += 1428)
    pieces.push_back(bytes_of(std::string_view(sent).substr(at, 1428)));
  ASSERT_TRUE((*into)->take(pieces));
  EXPECT_TRUE((*into)->is_full());

  std::string read;
  net::Scope reading(*loop_);
  reading.spawn(read_all(reader->get(), &read, sent.size()));
  ASSERT_TRUE(loop_->run((*into)->settle()));
  EXPECT_FALSE((*into)->is_full());
  const auto drained = [](net::Scope* scope) -> net::Task<bool> { co_return co_await scope->drained(); };
  ASSERT_TRUE(loop_->run(drained(&reading)));
  EXPECT_EQ(read, sent);
}

TEST_F(DownloadTest, LeavesNothingOfWhatDidNotBecomeWhole) {
  const std::string text = "half";
  const ByteView piece = bytes_of(text);
  {
    auto into = Download::open(*loop_, folder_.path("file"), Download::Existing::kept);
    ASSERT_TRUE(into);
    ASSERT_TRUE((*into)->take({&piece, 1}));
    EXPECT_EQ(folder_.content("file.part"), "half");
  }
  EXPECT_EQ(folder_.names().size(), 0U);
}

TEST_F(DownloadTest, NamesTheFolderThatIsMissing) {
  const auto into = Download::open(*loop_, folder_.path("no/file"), Download::Existing::kept);
  ASSERT_FALSE(into);
  EXPECT_EQ(into.error().code, Code::local);
  EXPECT_NE(into.error().what.find("no such file or directory"), std::string::npos) << into.error().what;
}

}  // namespace
}  // namespace yam::service
