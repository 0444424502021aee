// Any text is an endpoint or a URL that reads back from its print, or a fault in one line.

#include "yam/base/address/endpoint.hpp"

#include <cstdlib>

#include "yam/base/address/url.hpp"

using namespace yam;

namespace {

void expect(bool holds) {
  if (!holds) std::abort();
}

void expect_one_line(const Error& error) {
  expect(error.code == Code::usage && error.what.find('\n') == std::string::npos);
  expect(error.what.find(" at column ") != std::string::npos);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const Side side : {Side::calling, Side::listening}) {
    const auto endpoint = Endpoint::parse(text, side);
    if (!endpoint) {
      expect_one_line(endpoint.error());
      continue;
    }
    // An escape may be longer than what it stands for, so a print may be too long to read.
    const std::string printed = endpoint->to_string();
    expect(printed.size() > endpoint_bytes_max || Endpoint::parse(printed, endpoint->side) == endpoint);
  }
  const auto url = Url::parse(text);
  if (!url) {
    expect_one_line(url.error());
    return 0;
  }
  const std::string printed = url->to_string();
  expect(printed.size() > url_bytes_max || Url::parse(printed) == url);
  return 0;
}
