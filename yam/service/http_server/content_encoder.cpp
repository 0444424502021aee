#include "yam/service/http_server/content_encoder.hpp"

#include <array>
#include <brotli/encode.h>
#include <cstdint>
#include <new>
#include <zlib.h>
#include <zstd.h>

namespace yam::service {

namespace {

// A window of 256 KiB: more would not find much in a page, and costs each answer its memory.
constexpr int window_bits = 18;

class GzipEncoder final : public ContentEncoder {
 public:
  ~GzipEncoder() override { ::deflateEnd(&state_); }

 private:
  bool begin() override {
    constexpr int level = 6, memory_level = 8, gzip_window_bits = MAX_WBITS + 16;  // 16: a gzip head
    return ::deflateInit2(&state_, level, Z_DEFLATED, gzip_window_bits, memory_level, Z_DEFAULT_STRATEGY) ==
           Z_OK;
  }
  void step(std::string_view content, bool is_last, std::string& out) override {
    std::array<char, step_bytes> made;
    state_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(content.data()));
    state_.avail_in = static_cast<uInt>(content.size());
    do {
      state_.next_out = reinterpret_cast<Bytef*>(made.data());
      state_.avail_out = made.size();
      ::deflate(&state_, is_last ? Z_FINISH : Z_NO_FLUSH);
      out.append(made.data(), made.size() - state_.avail_out);
    } while (state_.avail_out == 0);
  }

  z_stream state_{};
};

class BrotliEncoder final : public ContentEncoder {
 public:
  ~BrotliEncoder() override { ::BrotliEncoderDestroyInstance(state_); }

 private:
  bool begin() override {
    constexpr std::uint32_t quality = 4;
    state_ = ::BrotliEncoderCreateInstance(nullptr, nullptr, nullptr);
    return state_ != nullptr && ::BrotliEncoderSetParameter(state_, BROTLI_PARAM_QUALITY, quality) != 0 &&
           ::BrotliEncoderSetParameter(state_, BROTLI_PARAM_LGWIN, window_bits) != 0;
  }
  void step(std::string_view content, bool is_last, std::string& out) override {
    const auto operation = is_last ? BROTLI_OPERATION_FINISH : BROTLI_OPERATION_PROCESS;
    std::size_t in_bytes = content.size(), no_room = 0;
    const auto* in = reinterpret_cast<const std::uint8_t*>(content.data());
    do {
      if (::BrotliEncoderCompressStream(state_, operation, &in_bytes, &in, &no_room, nullptr, nullptr) == 0)
        throw std::bad_alloc();  // the one thing that can go wrong
      std::size_t made = 0;
      const auto* bytes = ::BrotliEncoderTakeOutput(state_, &made);
      out.append(reinterpret_cast<const char*>(bytes), made);
    } while (in_bytes > 0 || ::BrotliEncoderHasMoreOutput(state_) != 0);
  }

  ::BrotliEncoderState* state_ = nullptr;
};

class ZstdEncoder final : public ContentEncoder {
 public:
  ~ZstdEncoder() override { ::ZSTD_freeCStream(state_); }

 private:
  bool begin() override {
    constexpr int level = 3;
    state_ = ::ZSTD_createCStream();
    return state_ != nullptr &&
           ::ZSTD_isError(::ZSTD_CCtx_setParameter(state_, ZSTD_c_compressionLevel, level)) == 0 &&
           ::ZSTD_isError(::ZSTD_CCtx_setParameter(state_, ZSTD_c_windowLog, window_bits)) == 0;
  }
  void step(std::string_view content, bool is_last, std::string& out) override {
    std::array<char, step_bytes> made;
    ::ZSTD_inBuffer in{content.data(), content.size(), 0};
    for (bool is_done = false; !is_done;) {
      ::ZSTD_outBuffer room{made.data(), made.size(), 0};
      const std::size_t left =
          ::ZSTD_compressStream2(state_, &room, &in, is_last ? ZSTD_e_end : ZSTD_e_continue);
      if (::ZSTD_isError(left) != 0) throw std::bad_alloc();  // the one thing that can go wrong
      out.append(made.data(), room.pos);
      is_done = is_last ? left == 0 : in.pos == in.size;
    }
  }

  ::ZSTD_CStream* state_ = nullptr;
};

std::unique_ptr<ContentEncoder> encoder_of(std::string_view coding) {
  if (coding == "zstd") return std::make_unique<ZstdEncoder>();
  if (coding == "br") return std::make_unique<BrotliEncoder>();
  if (coding == "gzip") return std::make_unique<GzipEncoder>();
  return nullptr;
}

}  // namespace

std::unique_ptr<ContentEncoder> ContentEncoder::open(std::string_view coding, Slots& slots) {
  if (slots.left_ == 0) return nullptr;
  auto encoder = encoder_of(coding);
  if (!encoder || !encoder->begin()) return nullptr;
  encoder->slots_ = &slots;
  --slots.left_;
  return encoder;
}

ContentEncoder::~ContentEncoder() {
  if (slots_ != nullptr) ++slots_->left_;
}

}  // namespace yam::service
