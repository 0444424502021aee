#include "yam/store/ledger/file_hash.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

#include <gtest/gtest.h>

#include "yam/base/text.hpp"
#include "yam/net/loop/fd.hpp"
#include "yam/store/ledger/digest.hpp"
#include "yam/store/temporary_folder_test.hpp"

namespace yam::store {
namespace {

const std::atomic<bool> on_and_on = false;

std::string plain_hex(ByteView bytes) {
  std::string text = hex(bytes);
  std::erase(text, ' ');
  return text;
}

// A file last written long ago, unless a test says otherwise.
class FileHashTest : public testing::Test {
 protected:
  net::Fd open(const std::string& content, bool old = true) {
    around_.put("file", content);
    if (old) age();
    return net::Fd(::open(around_.path("file").c_str(), O_RDWR | O_CLOEXEC));
  }
  void age() {
    const timespec times[2] = {{1, 0}, {1'600'000'000, 7}};
    ::utimensat(AT_FDCWD, around_.path("file").c_str(), times, 0);
  }
  static Result<FileHashes> hash(const net::Fd& file) {
    return hash_file(file.get(), version_of(file.get()).value(), on_and_on);
  }

  TemporaryFolder around_;
};

TEST(Digest, OfKnownBytes) {
  const ByteView abc = bytes_of("abc");
  EXPECT_EQ(plain_hex(digest_of(DigestKind::sha256, abc)),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(plain_hex(digest_of(DigestKind::sha1, abc)), "a9993e364706816aba3e25717850c26c9cd0d89d");
  EXPECT_EQ(plain_hex(digest_of(DigestKind::md5, abc)), "900150983cd24fb0d6963f7d28e17f72");
  EXPECT_EQ(digest_of(DigestKind::sha512, abc).size(), 64u);
  Digest pieces(DigestKind::sha256);
  for (int round = 0; round < 2; ++round) {
    pieces.add(bytes_of("a"));
    pieces.add({});
    pieces.add(bytes_of("bc"));
    EXPECT_EQ(pieces.finish(), digest_of(DigestKind::sha256, abc));
  }
}

TEST(PieceBytes, GrowWithTheFile) {
  constexpr std::uint64_t mebibyte = 1024 * 1024;
  EXPECT_EQ(piece_bytes_for(0), mebibyte);
  EXPECT_EQ(piece_bytes_for(2048 * mebibyte), mebibyte);
  EXPECT_EQ(piece_bytes_for(2048 * mebibyte + 1), 2 * mebibyte);
  EXPECT_EQ(piece_bytes_for(UINT64_MAX) / mebibyte, std::uint64_t{1} << 33);
}

TEST_F(FileHashTest, OfSizesAroundAPiece) {
  const std::size_t piece = piece_bytes_min;
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{1}, piece - 1, piece, piece + 1, 2 * piece, 2 * piece + 300'000}) {
    std::string content(size, '\0');
    for (std::size_t i = 0; i < size; ++i)
      content[i] = static_cast<char>(i * 7 + i / 255);
    const auto hashes = hash(open(content)).value();
    EXPECT_EQ(hashes.sha256, digest_of(DigestKind::sha256, bytes_of(content))) << size;
    Bytes pieces;
    for (std::size_t at = 0; at < size; at += piece) {
      const Bytes one = digest_of(DigestKind::sha256, bytes_of(content.substr(at, piece)));
      pieces.insert(pieces.end(), one.begin(), one.end());
    }
    EXPECT_EQ(hashes.pieces, pieces) << size;
    EXPECT_EQ(hashes.piece_bytes, piece);
  }
}

TEST_F(FileHashTest, LeavesTheOffsetAlone) {
  const net::Fd file = open("content");
  ::lseek(file.get(), 3, SEEK_SET);
  EXPECT_TRUE(hash(file));
  EXPECT_EQ(::lseek(file.get(), 0, SEEK_CUR), 3);
}

TEST_F(FileHashTest, NoticesAChange) {
  const Error changed{Code::verification, "cannot hash a file: it changed meanwhile", ""};
  const net::Fd file = open(std::string(1000, 'x'));
  const auto version = version_of(file.get()).value();
  ASSERT_EQ(::ftruncate(file.get(), 999), 0);
  EXPECT_EQ(hash_file(file.get(), version, on_and_on).error(), changed);  // shorter
  ASSERT_EQ(::ftruncate(file.get(), 1001), 0);
  EXPECT_EQ(hash_file(file.get(), version, on_and_on).error(), changed);  // longer
  ASSERT_EQ(::ftruncate(file.get(), 1000), 0);
  EXPECT_EQ(hash_file(file.get(), version, on_and_on).error(), changed);  // as long, but written to
  age();
  EXPECT_TRUE(hash_file(file.get(), version, on_and_on));
}

TEST_F(FileHashTest, TrustsNoFileThatWasJustWritten) {
  const net::Fd file = open("content", false);
  const timespec times[2] = {{0, UTIME_NOW}, {0, UTIME_NOW}};
  int refused = 0;
  for (int tries = 0; tries < 100 && refused == 0;
       ++tries) {  // a busy machine may take 20 ms between the two
    ::futimens(file.get(), times);
    const auto hashed = hash(file);
    refused += !hashed && hashed.error().code == Code::verification;
  }
  EXPECT_EQ(refused, 1);
}

TEST_F(FileHashTest, EndsWhenCancelled) {
  const net::Fd file = open("content");
  const std::atomic<bool> cancelled = true;
  EXPECT_EQ(hash_file(file.get(), version_of(file.get()).value(), cancelled).error().code, Code::interrupted);
}

TEST_F(FileHashTest, SaysWhatItCannotRead) {
  const net::Fd folder(::open(around_.path().c_str(), O_RDONLY | O_DIRECTORY));
  EXPECT_EQ(version_of(folder.get()).error(), (Error{Code::local, "cannot hash what is no file", ""}));
  open("content");
  const net::Fd unreadable(::open(around_.path("file").c_str(), O_WRONLY));
  EXPECT_EQ(hash(unreadable).error(),
            (Error{Code::local, "cannot read a file to hash it: bad file descriptor", ""}));
}

}  // namespace
}  // namespace yam::store
