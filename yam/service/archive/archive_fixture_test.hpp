#pragma once
// A served folder, archives of it, and the programs that read them. Tests only.

#include <array>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <sys/wait.h>

#include <gtest/gtest.h>  // allowed: tests only

#include "yam/net/loop/loop.hpp"
#include "yam/service/archive/archive_stream.hpp"
#include "yam/store/folder.hpp"
#include "yam/store/temporary_folder_test.hpp"

namespace yam::service {

class ArchiveTest : public testing::Test {
 protected:
  ArchiveTest() {
    around_.make_folder("share");
    around_.make_folder("out");
    folder_.emplace(store::Folder::open(around_.path("share")).value());
    loop_ = net::Loop::open().value();
  }

  // Writes the archive to `file`.
  Result<ArchiveReport> save(ArchiveOrder order, const std::string& file) {
    auto stream = ArchiveStream::open(*loop_, *folder_, std::move(order), slots_);
    if (!stream) return fail(stream.error());
    std::FILE* out = std::fopen(around_.path(file).c_str(), "wb");
    auto end = loop_->run(save_all(**stream, out));
    std::fclose(out);
    if (!end) return fail(end.error());
    return (*stream)->report();
  }

  // What a program prints, run beside share/ in the locale of people; its status must be 0.
  std::string output_of(const std::string& command) const {
    const std::string whole = "cd " + around_.path() + " && export LC_ALL=C.UTF-8 && " + command + " 2>&1";
    std::FILE* pipe = ::popen(whole.c_str(), "r");
    std::string text;
    std::array<char, 4096> buffer{};
    for (std::size_t count = 0; (count = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;)
      text.append(buffer.data(), count);
    const int status = ::pclose(pipe);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << command << ":\n" << text;
    return text;
  }

  store::TemporaryFolder around_;
  std::optional<store::Folder> folder_;
  std::unique_ptr<net::Loop> loop_;
  ArchiveSlots slots_;

 private:
  static net::Task<Result<void>> save_all(ArchiveStream& stream, std::FILE* out) {
    for (;;) {
      auto block = co_await stream.next();
      if (!block) co_return fail(block.error());
      if (block->empty()) co_return Result<void>();
      std::fwrite(block->data(), 1, block->size(), out);
    }
  }
};

}  // namespace yam::service
