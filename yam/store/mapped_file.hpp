#pragma once
// A regular file's bytes as memory that system calls read from, without a copy in between: of a window of
// UDP, of a page of HTTP.
//
// Hand the bytes to the kernel alone. Whoever cuts the file short meanwhile turns a system call on what is
// gone into EFAULT, but an access of our own into SIGBUS. Any thread.

#include <cstdint>
#include <ctime>

#include "yam/base/bytes.hpp"
#include "yam/base/result.hpp"
#include "yam/net/loop/fd.hpp"

namespace yam::store {

class MappedFile {
 public:
  // The first `size` bytes, which were all of it when it was opened. Code::local when the file system maps
  // none.
  static Result<MappedFile> map(net::Fd file, std::uint64_t size);

  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&&) = delete;
  ~MappedFile();

  int fd() const { return file_.get(); }  // borrowed
  std::uint64_t size() const { return bytes_.size(); }
  ByteView bytes() const { return bytes_; }
  // False once it was written to or cut: the bytes may be partly others then, and zeros at the end.
  bool is_unchanged() const;

 private:
  MappedFile(net::Fd file, ByteView bytes, timespec written_at)
      : file_(std::move(file)), bytes_(bytes), written_at_(written_at) {}

  net::Fd file_;
  ByteView bytes_;
  timespec written_at_;
};

}  // namespace yam::store
