#include "yam/service/http_client/content_decoder.hpp"

#include <brotli/decode.h>
#include <cstdint>
#include <vector>
#include <zlib.h>
#include <zstd.h>

#include "yam/proto/http/syntax.hpp"

namespace yam::service {

namespace {

using Output = std::vector<std::byte>;

std::unexpected<Error> broken_coding(const char* name) {
  return fail(Code::protocol, std::string("the answer's ") + name + " coding is broken");
}

class GzipDecoder final : public ContentDecoder {
 public:
  bool open() { return ::inflateInit2(&state_, MAX_WBITS + 16) == Z_OK; }  // 16: gzip alone
  ~GzipDecoder() override { ::inflateEnd(&state_); }

  Result<ByteView> step(ByteView& coded) override {
    // Members follow one another (RFC 1952 §2.2).
    if (ended_ && !coded.empty() && ::inflateReset(&state_) == Z_OK) ended_ = false;
    if (ended_) return ByteView();
    state_.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(coded.data()));
    state_.avail_in = static_cast<uInt>(std::min<std::size_t>(coded.size(), UINT32_MAX));
    const std::size_t given = state_.avail_in;
    state_.next_out = reinterpret_cast<Bytef*>(out_.data());
    state_.avail_out = static_cast<uInt>(out_.size());
    const int outcome = ::inflate(&state_, Z_NO_FLUSH);
    coded = coded.subspan(given - state_.avail_in);
    if (outcome != Z_OK && outcome != Z_STREAM_END && outcome != Z_BUF_ERROR) return broken_coding("gzip");
    ended_ = outcome == Z_STREAM_END;
    return ByteView(out_).first(out_.size() - state_.avail_out);
  }

 private:
  bool is_whole() const override { return ended_; }

  z_stream state_{};
  Output out_ = Output(piece_bytes_max);
  bool ended_ = false;
};

class BrotliDecoder final : public ContentDecoder {
 public:
  bool open() { return (state_ = ::BrotliDecoderCreateInstance(nullptr, nullptr, nullptr)) != nullptr; }
  ~BrotliDecoder() override { ::BrotliDecoderDestroyInstance(state_); }

  Result<ByteView> step(ByteView& coded) override {
    if (is_whole()) return coded.empty() ? Result<ByteView>(ByteView()) : broken_coding("br");
    std::size_t in_bytes = coded.size(), out_bytes = out_.size();
    const auto* in = reinterpret_cast<const std::uint8_t*>(coded.data());
    auto* out = reinterpret_cast<std::uint8_t*>(out_.data());
    const auto outcome = ::BrotliDecoderDecompressStream(state_, &in_bytes, &in, &out_bytes, &out, nullptr);
    coded = coded.last(in_bytes);
    if (outcome == BROTLI_DECODER_RESULT_ERROR) return broken_coding("br");
    return ByteView(out_).first(out_.size() - out_bytes);
  }

 private:
  bool is_whole() const override { return ::BrotliDecoderIsFinished(state_) != 0; }

  ::BrotliDecoderState* state_ = nullptr;
  Output out_ = Output(piece_bytes_max);
};

class ZstdDecoder final : public ContentDecoder {
 public:
  // 8 MiB is the window that HTTP allows (RFC 9659 §3).
  bool open() {
    constexpr int window_bits_max = 23;
    state_ = ::ZSTD_createDStream();
    return state_ != nullptr &&
           ::ZSTD_isError(::ZSTD_DCtx_setParameter(state_, ZSTD_d_windowLogMax, window_bits_max)) == 0;
  }
  ~ZstdDecoder() override { ::ZSTD_freeDStream(state_); }

  Result<ByteView> step(ByteView& coded) override {
    if (ended_ && coded.empty()) return ByteView();  // frames may follow one another (RFC 8878 §3)
    ::ZSTD_inBuffer in{coded.data(), coded.size(), 0};
    ::ZSTD_outBuffer out{out_.data(), out_.size(), 0};
    const std::size_t outcome = ::ZSTD_decompressStream(state_, &out, &in);
    coded = coded.subspan(in.pos);
    if (::ZSTD_isError(outcome) != 0) return broken_coding("zstd");
    ended_ = outcome == 0;
    return ByteView(out_).first(out.pos);
  }

 private:
  bool is_whole() const override { return ended_; }

  ::ZSTD_DStream* state_ = nullptr;
  Output out_ = Output(piece_bytes_max);
  bool ended_ = false;
};

template <class Decoder>
Result<std::unique_ptr<ContentDecoder>> opened() {
  auto decoder = std::make_unique<Decoder>();
  if (!decoder->open()) return fail(Code::local, "no memory to decode the answer");
  return decoder;
}

}  // namespace

Result<std::unique_ptr<ContentDecoder>> ContentDecoder::open(std::string_view coding) {
  if (proto::http::same_word(coding, "gzip") || proto::http::same_word(coding, "x-gzip"))
    return opened<GzipDecoder>();
  if (proto::http::same_word(coding, "br")) return opened<BrotliDecoder>();
  if (proto::http::same_word(coding, "zstd")) return opened<ZstdDecoder>();
  return std::unique_ptr<ContentDecoder>();
}

Result<ByteView> ContentDecoder::decode(ByteView& coded) {
  for (;;) {
    auto piece = step(coded);
    if (!piece || !piece->empty() || coded.empty()) return piece;
  }
}

Result<void> ContentDecoder::finish() const {
  if (!is_whole()) return fail(Code::network, "the answer's coded content is cut off");
  return {};
}

}  // namespace yam::service
