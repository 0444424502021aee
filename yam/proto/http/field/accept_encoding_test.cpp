#include "yam/proto/http/field/accept_encoding.hpp"

#include <gtest/gtest.h>

namespace yam::proto::http {
namespace {

TEST(AcceptEncoding, AWeightIsThreeDigitsAtMost) {
  const struct {
    const char* text;
    std::optional<unsigned> weight;
  } cases[] = {
      {"1", 1000},    {"0", 0},        {"1.", 1000},  {"0.", 0},      {"0.5", 500}, {"0.05", 50},
      {"0.123", 123}, {"1.000", 1000}, {"1.001", {}}, {"0.1234", {}}, {"2", {}},    {".5", {}},
      {"", {}},       {"-0.5", {}},    {"0,5", {}},   {"0.x", {}},    {"00", {}},   {"1e0", {}},
  };
  for (const auto& [text, weight] : cases)
    EXPECT_EQ(parse_weight(text), weight) << text;
}

TEST(AcceptEncoding, TheBestThatIsAcceptedIsChosen) {  // RFC 9110 §12.5.3
  const std::string_view offered[] = {"zstd", "br", "gzip"};
  const struct {
    Fields request;
    const char* coding;
  } cases[] = {
      {{}, "identity"},
      {{{"Accept-Encoding", ""}}, "identity"},
      {{{"Accept-Encoding", "gzip"}}, "gzip"},
      {{{"accept-encoding", "X-GZip"}}, "gzip"},
      {{{"Accept-Encoding", "gzip, deflate, br, zstd"}}, "zstd"},
      {{{"Accept-Encoding", "gzip"}, {"Accept-Encoding", "br"}}, "br"},
      {{{"Accept-Encoding", "gzip;q=1.0, br;q=0.5"}}, "gzip"},
      {{{"Accept-Encoding", "gzip; Q=0.5 ,br ; q=0.501"}}, "br"},
      {{{"Accept-Encoding", "gzip;q=0"}}, "identity"},
      {{{"Accept-Encoding", "gzip;q=0.001"}}, "gzip"},
      {{{"Accept-Encoding", "*"}}, "zstd"},
      {{{"Accept-Encoding", "*, zstd;q=0"}}, "br"},
      {{{"Accept-Encoding", "*;q=0"}}, "identity"},
      {{{"Accept-Encoding", "identity;q=0"}}, "identity"},
      {{{"Accept-Encoding", "identity;q=0.5, gzip;q=0.2"}}, "identity"},
      {{{"Accept-Encoding", "identity;q=0.5, gzip;q=0.5"}}, "gzip"},
      {{{"Accept-Encoding", "gzip;q=5, br;x=1, zstd;q=1;q=1, deflate"}}, "identity"},
      {{{"Accept-Encoding", "gz ip, br"}}, "br"},
  };
  for (const auto& [request, coding] : cases)
    EXPECT_EQ(choose_coding(request, offered), coding) << request.find("Accept-Encoding").value_or("nothing");
}

}  // namespace
}  // namespace yam::proto::http
