#pragma once
// How a client of TFTP gets an answer: which options suit the path, and the request, sent to each address of
// the server's name until one of them agrees or says no.

#include <memory>

#include "yam/proto/tftp/requester.hpp"
#include "yam/service/tftp/tftp_ladder.hpp"
#include "yam/service/tftp/tftp_port.hpp"
#include "yam/service/tftp_client/tftp_client.hpp"

namespace yam::service {

// The block that fits a packet of `mtu_bytes`: 1428 over Ethernet and IPv4, 1408 over IPv6, which leaves 40
// bytes for IP options or a tunnel.
std::uint16_t block_bytes_for(std::size_t mtu_bytes, bool is_v4);
// So many blocks at once fit into the socket of a receiver that has the system's default buffer.
std::uint16_t window_for(std::size_t block_bytes);

// A server that has answered; the port is settled on where it answered from.
struct TftpCall {
  std::unique_ptr<TftpLadder> ladder;  // null: nobody draws it
  std::unique_ptr<TftpPort> port;
  proto::tftp::Agreement agreement;
  Bytes first;  // the DATA that was the answer of a server that knows no options
};

// `size_bytes`: of what is to be uploaded, if that is known. `report` says what was asked, granted and how
// often.
net::Task<Result<TftpCall>> call_tftp_server(net::Loop& loop, TftpScratch& scratch, TftpUrl url,
                                             TftpWish wish, bool write,
                                             std::optional<std::uint64_t> size_bytes, TftpReport& report);

// The patience that a wish for silence stands for.
proto::tftp::Patience patience_of(const TftpWish& wish);

}  // namespace yam::service
