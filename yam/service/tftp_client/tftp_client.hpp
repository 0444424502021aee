#pragma once
// A client of TFTP: asks one server for one file, or gives it one, and tells how that went. Options are asked
// for and given up as the server answers (RFC 2347); the transfer is with the port that answered, and whoever
// else sends to ours gets an ERROR 5 (RFC 1350 §4).
//
// One loop. A cancelled transfer tells the server that it is over.

#include <cstdint>
#include <optional>

#include "yam/base/address/ip.hpp"
#include "yam/base/ladder.hpp"
#include "yam/net/loop/loop.hpp"
#include "yam/net/socket/socket_address.hpp"
#include "yam/proto/tftp/options.hpp"
#include "yam/proto/tftp/transfer.hpp"
#include "yam/service/tftp_client/download.hpp"
#include "yam/service/tftp_client/tftp_url.hpp"
#include "yam/service/tftp_client/upload.hpp"

namespace yam::service {

inline constexpr Duration tftp_silence_default = std::chrono::seconds(10);

// How to ask.
struct TftpWish {
  bool options = true;                          // false: a plain request of RFC 1350
  std::optional<std::uint16_t> block_bytes;     // absent: what fits the path
  std::optional<std::uint16_t> window;          // absent: what our socket holds, at most the default
  std::optional<std::uint8_t> timeout_seconds;  // absent: not asked for; both ends measure
  Duration silence = tftp_silence_default;      // without progress, until it is given up
  std::optional<IpAddress> bind;                // where to call from; absent: the kernel chooses
  std::uint16_t source_port = 0;                // 0: the kernel chooses
  LadderSink* ladders = nullptr;                // who draws it, and outlives it; null: nobody
};

// How it goes, and in the end how it went, well or not.
struct TftpReport {
  net::SocketAddress server;  // as it was called; the port that answered, once it has
  proto::tftp::Options asked;
  proto::tftp::Options granted;
  bool fell_back = false;  // to a request without options
  unsigned requests = 0;
  std::optional<std::uint64_t> size_bytes;  // of the file, when it is known
  proto::tftp::Statistics statistics;
  Duration span{};  // from the first request to the end
};

// `into` is committed when the file is whole. Code::refused when the server says no, Code::verification when
// the file is not as long as the server said, Code::timeout when nothing useful came within the silence,
// Code::network when nobody is there, Code::local for this machine's files and addresses. Both references
// outlive the task.
net::Task<Result<void>> tftp_get(net::Loop& loop, TftpUrl url, TftpWish wish, Download& into,
                                 TftpReport& report);
// The same codes.
net::Task<Result<void>> tftp_put(net::Loop& loop, TftpUrl url, TftpWish wish, Upload& from,
                                 TftpReport& report);

}  // namespace yam::service
