#include "yam/store/ledger/file_hash.hpp"

#include <algorithm>
#include <bit>
#include <cerrno>
#include <chrono>
#include <memory>
#include <sys/stat.h>
#include <unistd.h>

#include "yam/store/ledger/digest.hpp"
#include "yam/store/modified.hpp"

namespace yam::store {

namespace {

constexpr std::size_t hash_step_bytes = 256 * 1024;  // it stays in the cache for the second digest

std::unexpected<Error> fail_changed() {
  return fail(Code::verification, "cannot hash a file: it changed meanwhile");
}

std::int64_t now_ns() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::nanoseconds>(now).count();
}

Result<std::size_t> read_at(int file, ByteSpan buffer, std::uint64_t offset) {
  for (;;) {
    const ssize_t count = ::pread(file, buffer.data(), buffer.size(), static_cast<off_t>(offset));
    if (count > 0) return static_cast<std::size_t>(count);
    if (count == 0) return fail_changed();
    if (errno != EINTR) return fail_os("cannot read a file to hash it", errno);
  }
}

// The whole, and its pieces when there is more than one: each byte is read once and digested twice.
class Hashing {
 public:
  explicit Hashing(std::uint64_t size) : left_(size) {
    hashes_.piece_bytes = piece_bytes_for(size);
    several_ = size > hashes_.piece_bytes;
  }

  // How much may come next without reaching into another piece.
  std::size_t next_bytes() const {
    return static_cast<std::size_t>(
        std::min<std::uint64_t>({left_, hashes_.piece_bytes - in_piece_, hash_step_bytes}));
  }

  void add(ByteView bytes) {
    whole_.add(bytes);
    left_ -= bytes.size();
    in_piece_ += bytes.size();
    if (!several_) return;
    piece_.add(bytes);
    if (in_piece_ < hashes_.piece_bytes && left_ > 0) return;
    const Bytes done = piece_.finish();
    hashes_.pieces.insert(hashes_.pieces.end(), done.begin(), done.end());
    in_piece_ = 0;
  }

  FileHashes finish() {
    const bool empty = in_piece_ == 0 && hashes_.pieces.empty();
    hashes_.sha256 = whole_.finish();
    if (!several_ && !empty) hashes_.pieces = hashes_.sha256;
    return std::move(hashes_);
  }

 private:
  FileHashes hashes_;
  Digest whole_{DigestKind::sha256};
  Digest piece_{DigestKind::sha256};
  std::uint64_t left_;
  std::uint64_t in_piece_ = 0;
  bool several_ = false;
};

}  // namespace

std::uint64_t piece_bytes_for(std::uint64_t size) {
  const std::uint64_t least = size / pieces_max + (size % pieces_max != 0 ? 1 : 0);
  return std::bit_ceil(std::max(least, piece_bytes_min));
}

Result<FileVersion> version_of(int file) {
  struct stat status{};
  if (::fstat(file, &status) != 0) return fail_os("cannot look at a file", errno);
  if (!S_ISREG(status.st_mode)) return fail(Code::local, "cannot hash what is no file");
  return FileVersion{status.st_dev, status.st_ino, static_cast<std::uint64_t>(status.st_size),
                     modified_at(status.st_mtim).time_since_epoch().count()};
}

Result<FileHashes> hash_file(int file, const FileVersion& version, const std::atomic<bool>& cancel) {
  // A time that lies ahead was set by somebody: who writes now would set it back.
  const std::int64_t age_ns = now_ns() - version.modified_ns;
  if (age_ns > -settling_ns && age_ns < settling_ns) return fail_changed();
  Hashing hashing(version.size);
  const auto buffer = std::make_unique_for_overwrite<std::byte[]>(hash_step_bytes);
  std::uint64_t offset = 0;
  while (const std::size_t bytes = hashing.next_bytes()) {
    if (cancel) return fail(Code::interrupted, "a file was not hashed to its end");
    const auto count = read_at(file, ByteSpan(buffer.get(), bytes), offset);
    if (!count) return fail(count.error());
    hashing.add(ByteView(buffer.get(), *count));
    offset += *count;
  }
  const auto after = version_of(file);
  if (!after) return fail(after.error());
  if (*after != version) return fail_changed();
  return hashing.finish();
}

}  // namespace yam::store
