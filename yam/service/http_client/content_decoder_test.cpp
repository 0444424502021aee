#include "yam/service/http_client/content_decoder.hpp"

#include <brotli/encode.h>
#include <string>
#include <zlib.h>
#include <zstd.h>

#include <gtest/gtest.h>

namespace yam::service {
namespace {

std::string gzipped(const std::string& text) {
  z_stream state{};
  deflateInit2(&state, 6, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&state, text.size()), '\0');
  state.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  state.avail_in = static_cast<uInt>(text.size());
  state.next_out = reinterpret_cast<Bytef*>(out.data());
  state.avail_out = static_cast<uInt>(out.size());
  deflate(&state, Z_FINISH);
  out.resize(state.total_out);
  deflateEnd(&state);
  return out;
}

std::string brotlied(const std::string& text) {
  std::size_t size = BrotliEncoderMaxCompressedSize(text.size());
  std::string out(size, '\0');
  BrotliEncoderCompress(5, BROTLI_DEFAULT_WINDOW, BROTLI_DEFAULT_MODE, text.size(),
                        reinterpret_cast<const std::uint8_t*>(text.data()), &size,
                        reinterpret_cast<std::uint8_t*>(out.data()));
  out.resize(size);
  return out;
}

std::string zstded(const std::string& text) {
  std::string out(ZSTD_compressBound(text.size()), '\0');
  out.resize(ZSTD_compress(out.data(), out.size(), text.data(), text.size(), 3));
  return out;
}

// What comes out when `coded` comes in `step` bytes at a time, or why nothing does.
std::string decoded(std::string_view coding, std::string_view coded, std::size_t step) {
  auto decoder = ContentDecoder::open(coding);
  std::string text;
  for (std::size_t at = 0; at < coded.size(); at += step) {
    ByteView rest = bytes_of(coded.substr(at, step));
    for (;;) {
      const auto piece = (*decoder)->decode(rest);
      if (!piece) return piece.error().what;
      EXPECT_LE(piece->size(), ContentDecoder::piece_bytes_max);
      if (piece->empty()) break;
      text += text_of(*piece);
    }
    EXPECT_TRUE(rest.empty());
  }
  const auto whole = (*decoder)->finish();
  return whole ? text : whole.error().what;
}

struct Coding {
  const char* name;
  std::string (*encode)(const std::string& text);
};
class EachCoding : public testing::TestWithParam<Coding> {};

TEST_P(EachCoding, IsUndone) {
  const auto& [name, encode] = GetParam();
  std::string long_text(1'000'000, 'a');
  for (std::size_t i = 0; i < long_text.size(); i += 7)
    long_text[i] = static_cast<char>('b' + i % 13);
  for (const std::string& text : {std::string("x"), std::string("hello, hello, hello"), long_text}) {
    const std::string coded = encode(text);
    for (const std::size_t step : {coded.size(), std::size_t{1}, std::size_t{1000}})
      EXPECT_EQ(decoded(name, coded, step), text) << name << " by " << step;
    const std::string cut = coded.substr(0, coded.size() - 1);
    EXPECT_EQ(decoded(name, cut, 100), "the answer's coded content is cut off");
  }
  std::string junk = "this is no coding at all";
  EXPECT_EQ(decoded(name, junk, 100), "the answer's " + std::string(name) + " coding is broken");
  EXPECT_EQ(decoded(name, "", 1), "the answer's coded content is cut off");
  EXPECT_EQ(decoded(name, encode("a") + junk, 100),
            "the answer's " + std::string(name) + " coding is broken");
}

INSTANTIATE_TEST_SUITE_P(ContentDecoder, EachCoding,
                         testing::Values(Coding{"gzip", gzipped}, Coding{"br", brotlied},
                                         Coding{"zstd", zstded}));

TEST(ContentDecoder, TakesMembersThatFollowOneAnother) {
  EXPECT_EQ(decoded("GZip", gzipped("ab") + gzipped("cd"), 5), "abcd");
  EXPECT_EQ(decoded("zstd", zstded("ab") + zstded("cd"), 5), "abcd");
  EXPECT_EQ(ContentDecoder::open("identity")->get(), nullptr);
  EXPECT_EQ(ContentDecoder::open("deflate")->get(), nullptr);
}

}  // namespace
}  // namespace yam::service
