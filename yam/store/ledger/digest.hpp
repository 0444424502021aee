#pragma once
// A digest over bytes that come in pieces: OpenSSL's, which use the processor's own instructions.

#include <cstdint>
#include <memory>

#include "yam/base/bytes.hpp"
#include "yam/base/result.hpp"

struct evp_md_ctx_st;

namespace yam::store {

enum class DigestKind : std::uint8_t { md5, sha1, sha256, sha512 };

class Digest {
 public:
  explicit Digest(DigestKind kind);  // throws std::bad_alloc where there is no memory

  void add(ByteView bytes);
  Bytes finish();  // and begins anew

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };

  void begin();

  DigestKind kind_;
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

Bytes digest_of(DigestKind kind, ByteView bytes);
// Of what a regular file holds now, read by pread, so its offset stays. It takes 0.5 to 2 s a GiB, so it is
// for a thread that nobody waits for. Code::local when it cannot be read.
Result<Bytes> digest_of_file(DigestKind kind, int file);

}  // namespace yam::store
