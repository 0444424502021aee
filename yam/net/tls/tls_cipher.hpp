#pragma once
// The encrypted bytes between OpenSSL and the carrier: what has come and is not yet read, what is written and
// has not yet gone. OpenSSL copies from and to these buffers through a BIO; the carrier reads and writes them
// in place. No I/O here.

#include <cstddef>
#include <memory>

#include "yam/base/bytes.hpp"

struct bio_method_st;
struct bio_st;

namespace yam::net {

// A queue of bytes in one piece of memory.
class CipherBuffer {
 public:
  bool empty() const { return begin_ == end_; }
  std::size_t size() const { return end_ - begin_; }
  ByteView view() const { return {memory_.get() + begin_, size()}; }
  void consume(std::size_t bytes);

  // Room for at least `bytes` more behind what is there, and then how much of it was filled.
  ByteSpan room(std::size_t bytes);
  void commit(std::size_t bytes) { end_ += bytes; }

  // Gives the memory back, unless there is something in it.
  void release();

 private:
  std::unique_ptr<std::byte[]> memory_;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

struct TlsCipher {
  // A TLS 1.2 record at its largest (RFC 5246 §6.2.3); TLS 1.3's are smaller.
  static constexpr std::size_t plain_record_bytes_max = 16 * 1024;
  static constexpr std::size_t record_bytes_max = plain_record_bytes_max + 2048 + 5;
  // One write to the carrier: 16 full records.
  static constexpr std::size_t batch_bytes_max = 256 * 1024;
  // One read from the carrier: a record at first, more when the carrier fills that.
  static constexpr std::size_t read_bytes_min = record_bytes_max;
  static constexpr std::size_t read_bytes_max = 256 * 1024;
  // A batch that the carrier would not take, encrypted, and what TLS says of its own accord meanwhile (key
  // updates). A peer that asks for more of those than this without reading them is cut.
  static constexpr std::size_t out_bytes_max = 2 * batch_bytes_max;

  CipherBuffer in;
  CipherBuffer out;

  static bio_method_st* new_bio_method();
  // A BIO over these buffers, which must outlive it.
  bio_st* new_bio(const bio_method_st* method);
};

}  // namespace yam::net
