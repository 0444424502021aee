#pragma once
// A regular file's bytes as memory that system calls read from, without a copy in between: of a window of
// UDP, of a page of HTTP.
//
// Hand the bytes to the kernel alone. Whoever cuts the file short meanwhile turns a system call on what is
// gone into EFAULT, but an access of our own into SIGBUS. Any thread.

#include <cstdint>

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
  // False once it has become shorter: the end of its last page then reads as zeros.
  bool is_whole() const;

 private:
  MappedFile(net::Fd file, ByteView bytes) : file_(std::move(file)), bytes_(bytes) {}

  net::Fd file_;
  ByteView bytes_;
};

}  // namespace yam::store
