#include "yam/store/ledger/digest.hpp"

#include <cassert>
#include <cerrno>
#include <cstddef>
#include <memory>
#include <new>
#include <unistd.h>

#include <openssl/evp.h>

namespace yam::store {

namespace {

const EVP_MD* method_of(DigestKind kind) {
  switch (kind) {
    case DigestKind::md5:
      return EVP_md5();
    case DigestKind::sha1:
      return EVP_sha1();
    case DigestKind::sha256:
      return EVP_sha256();
    case DigestKind::sha512:
      break;
  }
  return EVP_sha512();
}

}  // namespace

void Digest::Free::operator()(evp_md_ctx_st* context) const {
  EVP_MD_CTX_free(context);
}

Digest::Digest(DigestKind kind) : kind_(kind), context_(EVP_MD_CTX_new()) {
  if (!context_) throw std::bad_alloc();
  begin();
}

void Digest::begin() {
  // It fails where there is no memory, and nowhere else.
  if (EVP_DigestInit_ex(context_.get(), method_of(kind_), nullptr) != 1) throw std::bad_alloc();
}

void Digest::add(ByteView bytes) {
  [[maybe_unused]] const int added = EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size());
  assert(added == 1);
}

Bytes Digest::finish() {
  Bytes digest(EVP_MAX_MD_SIZE);
  unsigned size = 0;
  [[maybe_unused]] const int finished =
      EVP_DigestFinal_ex(context_.get(), reinterpret_cast<unsigned char*>(digest.data()), &size);
  assert(finished == 1);
  digest.resize(size);
  begin();
  return digest;
}

Bytes digest_of(DigestKind kind, ByteView bytes) {
  Digest digest(kind);
  digest.add(bytes);
  return digest.finish();
}

Result<Bytes> digest_of_file(DigestKind kind, int file) {
  constexpr std::size_t step_bytes = 256 * 1024;
  Digest digest(kind);
  const auto buffer = std::make_unique_for_overwrite<std::byte[]>(step_bytes);
  for (off_t offset = 0;;) {
    const ssize_t count = ::pread(file, buffer.get(), step_bytes, offset);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail_os("cannot read a file to hash it", errno);
    if (count == 0) return digest.finish();
    digest.add({buffer.get(), static_cast<std::size_t>(count)});
    offset += count;
  }
}

}  // namespace yam::store
