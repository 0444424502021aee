// Whatever decodes can be written and decodes to the same; an OACK that was granted passes the client's
// check.

#include <cstdint>
#include <cstdlib>

#include "yam/proto/tftp/options.hpp"
#include "yam/proto/tftp/packet.hpp"

namespace {

using namespace yam;
using namespace yam::proto::tftp;

void require(bool holds) {
  if (!holds) std::abort();
}

template <class Kind>
void expect_back(const Bytes& written, const Kind& value) {
  const Result<Packet> again = decode(written);
  require(again && std::holds_alternative<Kind>(*again) && std::get<Kind>(*again) == value);
}

void check(const Request& request) {
  Bytes out;
  if (write_request(out, request)) expect_back(out, request);
  const Options asked = read_options(request.options);
  const Options granted = grant(asked, {1428, 8, 30}, request.write, 77);
  const OptionWords words(granted);
  const Result<Options> taken = check_granted(asked, words.texts());
  require(taken && *taken == granted && read_options(words.texts()) == granted);
  require(Terms(granted).block_bytes >= block_bytes_min && Terms(granted).window >= 1);
}
void check(const OptionAck& ack) {
  Bytes out;
  if (write_option_ack(out, ack.options)) expect_back(out, ack);
  static_cast<void>(check_granted({1428, 8, 3, 0}, ack.options));
}
void check(const Ack& ack) {
  Bytes out;
  write_ack(out, ack.number);
  expect_back(out, ack);
}
void check(const ErrorPacket& error) {
  Bytes out;
  write_error(out, static_cast<ErrorCode>(error.code), error.text);
  require(out.size() <= request_bytes_max);
  require(describe(error).size() < 1000);
}
void check(const Data& data) {
  require(data.bytes.size() <= block_bytes_max);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Result<Packet> packet = decode(std::as_bytes(std::span(data, size)));
  if (packet) std::visit([](const auto& value) { check(value); }, *packet);
  return 0;
}
