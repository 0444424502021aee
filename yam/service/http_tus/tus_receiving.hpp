#pragma once
// The bytes of a tus request on their way into an upload that is open, and what happens when the last one is
// there.

#include <optional>

#include "yam/proto/tus/server.hpp"
#include "yam/service/http_server/http_exchange.hpp"
#include "yam/service/http_write/http_quota.hpp"
#include "yam/service/http_write/http_receipt.hpp"
#include "yam/store/upload/upload_store.hpp"

namespace yam::service {

class HttpServer;

// How long an upload waits for its next byte, and a finished one is remembered.
inline constexpr std::chrono::hours tus_lifetime{48};
std::chrono::sys_seconds tus_expiry();

// An upload that takes the content of this request; it is nobody else's meanwhile.
struct TusReceiving {
  store::UploadId id;
  store::OpenUpload upload;
  bool has_content = true;
  std::uint64_t content_max = 0;
  std::optional<proto::tus::Checksum> checksum = {};
  HttpRoom room = {};
};

// Appends the content, and gives the file its name when that was all: how the upload stands then. Absent when
// an answer was given instead: a refusal (413, 460), which leaves what may stay, or a name that is taken. A
// fault: the peer is gone, and what came counts unless a checksum was to prove it; or the disk is full. The
// peer has been told then, if it could be. Both references outlive the task.
net::Task<Result<std::optional<store::UploadState>>> take_tus_content(HttpServer& server,
                                                                      HttpExchange& exchange,
                                                                      TusReceiving receiving);

// Gives the file its name, once it is whole: hashed, on the disk, and told to the record. On another thread,
// which goes on when the peer does not wait. Code::refused when the name is taken: the upload stays then.
net::Task<Result<HttpReceipt>> finish_tus(HttpServer& server, store::UploadId id, store::OpenUpload upload);

}  // namespace yam::service
