#include <atomic>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

#include "yam/service/archive/archive_file.hpp"
#include "yam/service/archive/archive_fixture_test.hpp"
#include "yam/service/archive/archive_queue.hpp"

namespace yam::service {
namespace {

// Names, sizes and kinds that formats stumble over.
void fill(const store::TemporaryFolder& around) {
  around.make_folder("share/sub/empty folder");
  around.make_folder("share/中文/深");
  around.put("share/a.txt", "a");
  around.put("share/empty", "");
  around.put("share/中文/深/文件 ' \".txt", "deep");
  around.put("share/sub/" + std::string(255, 'x'), "long");
  around.put("share/sub/big", std::string(3'000'000, 'b'));
  around.link("share/sub/up", "../a.txt");
  std::filesystem::permissions(around.path("share/a.txt"), std::filesystem::perms::owner_all);
}

TEST_F(ArchiveTest, EveryProgramUnpacksItAsItWas) {
  fill(around_);
  struct Row {
    ArchiveFormat format;
    const char* unpack;
  };
  const Row rows[] = {
      {ArchiveFormat::tar, "tar -xf archive -C out"},
      {ArchiveFormat::tar, "bsdtar -xf archive -C out"},
      {ArchiveFormat::tar, "cat archive | tar -xf - -C out"},
      {ArchiveFormat::tar, "python3 -m tarfile -e archive out"},
      {ArchiveFormat::tar_zst, "tar --zstd -xf archive -C out"},
      {ArchiveFormat::tar_zst, "bsdtar -xf archive -C out"},
      {ArchiveFormat::zip, "unzip -q archive -d out"},
      {ArchiveFormat::zip, "bsdtar -xf archive -C out"},
      {ArchiveFormat::zip, "cat archive | bsdtar -xf - -C out"},
      {ArchiveFormat::zip, "python3 -m zipfile -e archive out"},
  };
  for (const auto& row : rows) {
    const auto report = save({.format = row.format, .prefix = "top/"}, "archive").value();
    EXPECT_EQ(report.files, 6u);
    EXPECT_EQ(report.folders, 4u);
    EXPECT_EQ(report.faults, std::vector<std::string>{});
    EXPECT_EQ(output_of(std::string("rm -rf out/* && ") + row.unpack), "") << row.unpack;
    EXPECT_EQ(output_of("diff -r share out/top"), "") << row.unpack;
    EXPECT_TRUE(std::filesystem::is_regular_file(around_.path("out/top/sub/up")));
  }
  EXPECT_EQ(output_of("python3 -m zipfile -t archive"), "Done testing\n");
}

TEST_F(ArchiveTest, KeepsTimesAndWhatRunsButNoOwner) {
  around_.put("share/run.sh", "#!/bin/sh\n");
  around_.put("share/secret", "x");
  std::filesystem::permissions(around_.path("share/run.sh"), std::filesystem::perms{0700});
  std::filesystem::permissions(around_.path("share/secret"), std::filesystem::perms{0600});
  const timespec times[2] = {{1, 0}, {1'000'000'000, 500'000'000}};
  for (const char* name : {"share/run.sh", "share/secret"})
    ASSERT_EQ(::utimensat(AT_FDCWD, around_.path(name).c_str(), times, 0), 0);
  ASSERT_TRUE(save({}, "archive"));
  EXPECT_EQ(output_of("TZ=UTC tar -tvf archive --numeric-owner"),
            "-rwxr-xr-x 0/0              10 2001-09-09 01:46 run.sh\n"
            "-rw-r--r-- 0/0               1 2001-09-09 01:46 secret\n");
}

TEST_F(ArchiveTest, LeavesOutWhatIsNotToBeHad) {
  around_.put("secret.txt", "secret");
  around_.put("share/a.txt", "a");
  around_.put("share/film.part", "half");
  around_.put("share/locked", "x");
  around_.make_folder("share/sub");
  around_.link("share/round", ".");
  around_.link("share/secret", "../secret.txt");
  around_.link("share/nowhere", "none");
  ASSERT_EQ(::mkfifo(around_.path("share/pipe").c_str(), 0600), 0);
  const auto report = save({}, "archive").value();
  EXPECT_EQ(output_of("tar -tf archive"), "a.txt\nlocked\nsub/\n");
  EXPECT_EQ(report.left_out, 2u);
  const std::vector<std::string> faults{"left out \"pipe\": not a file",
                                        "left out \"round\": a link to a folder"};
  EXPECT_EQ(report.faults, faults);
}

TEST_F(ArchiveTest, TakesASelection) {
  fill(around_);
  const auto report = save({.names = {"a.txt", "中文", "none"}, .prefix = "p/"}, "archive").value();
  EXPECT_EQ(output_of("tar --quoting-style=literal -tf archive"),
            "p/a.txt\np/中文/\np/中文/深/\np/中文/深/文件 ' \".txt\n");
  EXPECT_EQ(report.faults, std::vector<std::string>{"cannot archive \"none\": no such file or directory"});
  ASSERT_TRUE(save({.folder = "中文", .names = {"深"}}, "archive"));
  EXPECT_EQ(output_of("tar --quoting-style=literal -tf archive"), "深/\n深/文件 ' \".txt\n");
}

TEST_F(ArchiveTest, RefusesWhatIsNoName) {
  EXPECT_EQ(save({.folder = "../x"}, "archive").error().what, "file name \"../x\": it has a '..' component");
  EXPECT_EQ(save({.names = {".."}}, "archive").error().what, "file name \"..\": it has a '..' component");
  EXPECT_EQ(save({.names = {"a/b"}}, "archive").error().what, "file name \"a/b\": it has a '/'");
  EXPECT_EQ(save({.folder = "none"}, "archive").error().code, Code::not_found);
}

TEST_F(ArchiveTest, NamesThatAreNotUtf8KeepTheirBytes) {
  around_.put("share/\xff\xfe", "x");
  around_.put("share/a\nb", "y");
  ASSERT_TRUE(save({}, "archive"));
  output_of("tar -xf archive -C out");
  EXPECT_EQ(around_.content("out/\xff\xfe"), "x");
  EXPECT_EQ(around_.content("out/a\nb"), "y");
}

TEST_F(ArchiveTest, ASparseFileKeepsItsHoles) {
  constexpr off_t size = off_t{6} * 1024 * 1024 * 1024;  // beyond 32 bits, too
  const net::Fd file(::open(around_.path("share/sparse").c_str(), O_CREAT | O_RDWR, 0600));
  ASSERT_EQ(::ftruncate(file.get(), size), 0);
  ASSERT_EQ(::pwrite(file.get(), "middle", 6, size / 2), 6);
  const auto opened = folder_->open_file("sparse").value();
  const auto ranges = data_ranges(opened);
  ASSERT_FALSE(ranges.empty()) << "this file system keeps no holes";
  EXPECT_LE(ranges.front().bytes, 65536u);
  ASSERT_TRUE(save({}, "archive"));
  EXPECT_LT(std::filesystem::file_size(around_.path("archive")), 1'000'000u);
  output_of("tar -xf archive -C out");
  EXPECT_EQ(output_of("cmp share/sparse out/sparse"), "");
  struct stat status{};
  ASSERT_EQ(::stat(around_.path("out/sparse").c_str(), &status), 0);
  EXPECT_LT(status.st_blocks, 10'000);

  ASSERT_EQ(::ftruncate(file.get(), 0), 0);
  ASSERT_EQ(::ftruncate(file.get(), 100'000), 0);  // nothing but a hole
  for (const auto format : {ArchiveFormat::tar, ArchiveFormat::zip}) {
    ASSERT_TRUE(save({.format = format}, "archive"));
    output_of("rm -f out/sparse && bsdtar -xf archive -C out");
    EXPECT_EQ(output_of("cmp share/sparse out/sparse"), "");
  }
}

// Writes into a string what archive_file makes of a file that was `announced` bytes long.
TEST_F(ArchiveTest, AFileThatGrowsIsCutAndOneThatShrinksIsFilled) {
  for (const auto format : {ArchiveFormat::tar, ArchiveFormat::zip}) {
    around_.put("share/file", std::string(300'000, 'x'));
    auto opened = folder_->open_file("file").value();
    const auto write = [&](std::uint64_t announced) {
      std::string bytes;
      auto writer = ArchiveWriter::open(format, [&](ByteView more) {
                      bytes += text_of(more);
                      return true;
                    }).value();
      opened.size = announced;
      const auto end =
          archive_file(opened, {.name = "file", .size = announced, .mtime = opened.mtime}, *writer);
      const ArchiveEntry next{.name = "next", .size = 0, .mtime = opened.mtime};
      EXPECT_TRUE(writer->add_folder(next));
      EXPECT_TRUE(writer->finish());
      around_.put("archive", bytes);
      return end.value();
    };
    EXPECT_EQ(write(300'000), FileEnd::as_announced);
    EXPECT_EQ(write(299'999), FileEnd::grew);
    output_of("rm -rf out/* && bsdtar -xf archive -C out");
    EXPECT_EQ(around_.content("out/file"), std::string(299'999, 'x'));
    EXPECT_EQ(write(400'000), FileEnd::shrank);
    output_of("rm -rf out/* && bsdtar -xf archive -C out");
    const std::string zeros(100'000, '\0');
    EXPECT_EQ(around_.content("out/file"), std::string(300'000, 'x') + zeros);
    EXPECT_EQ(around_.names("out"), (std::set<std::string>{"file", "next"}));
    if (format == ArchiveFormat::zip) output_of("unzip -qt archive");
  }
}

TEST_F(ArchiveTest, LettingItGoEndsItsThread) {
  around_.put("share/big", std::string(20'000'000, 'b'));
  const ArchiveSlots one(1);
  for (int round = 0; round < 20; ++round) {
    auto stream = ArchiveStream::open(*loop_, *folder_, {}, one);
    while (!stream) {  // the thread before is on its way out
      EXPECT_EQ(stream.error(),
                (Error{Code::local, "cannot make an archive: too many are being made already", ""}));
      std::this_thread::yield();
      stream = ArchiveStream::open(*loop_, *folder_, {}, one);
    }
    const bool reads = round % 2 == 0;
    EXPECT_TRUE(!reads || !loop_->run((*stream)->next()).value().empty());
  }
}

TEST_F(ArchiveTest, NeverHoldsMoreThanItsQueue) {
  auto queue = std::make_shared<ArchiveQueue>();
  net::Event news(*loop_);
  queue->listen(*loop_, news);
  std::atomic<std::size_t> put = 0;
  std::thread producer([&] {
    const Bytes block(100'000);
    while (queue->put(block))
      put += block.size();
    queue->finish(ArchiveReport{});
  });
  std::size_t taken = 0;
  for (int i = 0; i < 100; ++i) {
    const auto block = queue->take();
    if (!block) std::this_thread::yield();
    taken += block ? block->size() : 0;
    EXPECT_LE(put, taken + ArchiveQueue::bytes_max + 2 * 100'000);
  }
  queue->leave();
  producer.join();
}

TEST_F(ArchiveTest, ATreeIsArchivedToItsDepthLimit) {
  std::string deep = "share";
  for (std::size_t i = 0; i < archive_depth_max + 3; ++i)
    deep += "/d";
  around_.make_folder(deep);
  const auto report = save({}, "archive").value();
  EXPECT_EQ(report.folders, archive_depth_max - 1);
  EXPECT_EQ(report.left_out, 1u);
}

TEST_F(ArchiveTest, ManyFilesComeThrough) {
  for (int i = 0; i < 3000; ++i)
    around_.put("share/" + std::to_string(i), "x");
  for (const auto format : {ArchiveFormat::tar, ArchiveFormat::zip}) {
    EXPECT_EQ(save({.format = format}, "archive").value().files, 3000u);
    EXPECT_EQ(output_of("bsdtar -tf archive | sort -u | wc -l"), "3000\n");
  }
}

}  // namespace
}  // namespace yam::service
