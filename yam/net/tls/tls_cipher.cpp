#include "yam/net/tls/tls_cipher.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>

#include <openssl/bio.h>

namespace yam::net {
namespace {

TlsCipher& cipher_of(BIO* bio) {
  return *static_cast<TlsCipher*>(BIO_get_data(bio));
}

int read_cipher(BIO* bio, char* into, int size) {
  CipherBuffer& in = cipher_of(bio).in;
  BIO_clear_retry_flags(bio);
  if (in.empty()) {
    BIO_set_retry_read(bio);
    return -1;
  }
  const std::size_t count = std::min(in.size(), static_cast<std::size_t>(size));
  std::memcpy(into, in.view().data(), count);
  in.consume(count);
  return static_cast<int>(count);
}

int write_cipher(BIO* bio, const char* from, int size) {
  CipherBuffer& out = cipher_of(bio).out;
  BIO_clear_retry_flags(bio);
  const auto count = static_cast<std::size_t>(size);
  if (out.size() + count > TlsCipher::out_bytes_max) return -1;  // without a retry: the connection is over
  std::memcpy(out.room(count).data(), from, count);
  out.commit(count);
  return size;
}

long control(BIO*, int command, long, void*) {
  return command == BIO_CTRL_FLUSH ? 1 : 0;
}

}  // namespace

void CipherBuffer::consume(std::size_t bytes) {
  assert(bytes <= size());
  begin_ += bytes;
  if (begin_ == end_) begin_ = end_ = 0;
}

ByteSpan CipherBuffer::room(std::size_t bytes) {
  if (capacity_ - end_ < bytes) {
    const std::size_t held = size();
    if (capacity_ - held >= bytes) {
      std::memmove(memory_.get(), memory_.get() + begin_, held);
    } else {
      const std::size_t capacity = std::max(held + bytes, 2 * capacity_);
      auto memory = std::make_unique_for_overwrite<std::byte[]>(capacity);
      if (held != 0) std::memcpy(memory.get(), memory_.get() + begin_, held);
      memory_ = std::move(memory);
      capacity_ = capacity;
    }
    begin_ = 0;
    end_ = held;
  }
  return {memory_.get() + end_, capacity_ - end_};
}

void CipherBuffer::release() {
  if (!empty()) return;
  memory_.reset();
  capacity_ = 0;
}

BIO_METHOD* TlsCipher::new_bio_method() {
  BIO_METHOD* method = BIO_meth_new(BIO_TYPE_SOURCE_SINK, "yam");
  if (method == nullptr) return nullptr;
  BIO_meth_set_read(method, read_cipher);
  BIO_meth_set_write(method, write_cipher);
  BIO_meth_set_ctrl(method, control);
  return method;
}

BIO* TlsCipher::new_bio(const BIO_METHOD* method) {
  BIO* bio = BIO_new(method);
  if (bio == nullptr) return nullptr;
  BIO_set_data(bio, this);
  BIO_set_init(bio, 1);
  return bio;
}

}  // namespace yam::net
