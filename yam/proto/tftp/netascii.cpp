#include "yam/proto/tftp/netascii.hpp"

namespace yam::proto::tftp {
namespace {

constexpr std::byte cr{'\r'}, lf{'\n'}, nul{0};

}  // namespace

void encode_netascii(ByteView local, Bytes& netascii) {
  for (const std::byte byte : local) {
    if (byte == lf) netascii.push_back(cr);
    netascii.push_back(byte);
    if (byte == cr) netascii.push_back(nul);
  }
}

void NetasciiDecoder::handle_bytes(ByteView netascii, Bytes& local) {
  for (const std::byte byte : netascii) {
    const bool pair = after_cr_ && (byte == lf || byte == nul);
    if (pair) {
      local.push_back(byte == lf ? lf : cr);
      after_cr_ = false;
      continue;
    }
    if (after_cr_) local.push_back(cr);
    after_cr_ = byte == cr;
    if (!after_cr_) local.push_back(byte);
  }
}

void NetasciiDecoder::handle_end(Bytes& local) {
  if (after_cr_) local.push_back(cr);
  after_cr_ = false;
}

}  // namespace yam::proto::tftp
