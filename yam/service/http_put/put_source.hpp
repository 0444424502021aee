#pragma once
// What is uploaded, open: a regular file, which must stay what it is, or a stream whose length nobody knows
// before its end, and which can be read once.

#include <cstdint>
#include <memory>
#include <string>

#include "yam/net/stream.hpp"
#include "yam/service/http_put/put_errand.hpp"
#include "yam/store/ledger/file_hash.hpp"

namespace yam::service {

class PutSource {
 public:
  // Code::local when it cannot be opened. `loop` outlives it.
  static Result<std::unique_ptr<PutSource>> open(net::Loop& loop, const PutErrand& errand);

  const std::string& file() const { return file_; }  // for people
  bool is_stream() const { return stream_ != nullptr; }

  // ---- of a regular file
  int fd() const { return fd_.get(); }
  const store::FileVersion& version() const { return version_; }
  std::uint64_t size_bytes() const { return version_.size; }
  // Code::local when it is not what it was when it was opened.
  Result<void> check_unchanged() const;
  // All of it, or a part: pread. Code::local when there is less.
  Result<void> read(ByteSpan into, std::uint64_t offset) const;

  // ---- of a stream
  net::Stream& stream() { return *stream_; }
  bool is_begun = false;  // something was read, and cannot be read again

 private:
  std::string file_;
  net::Fd fd_;
  store::FileVersion version_;
  std::unique_ptr<net::Stream> stream_;
};

}  // namespace yam::service
