#pragma once
// A file on its way into the served folder: it appears whole, on the disk and under a name that was free or
// may be taken, or not at all.
//
// For the loop's own thread.

#include <cstdint>
#include <optional>
#include <string>

#include "yam/net/loop/task.hpp"
#include "yam/service/http_write/http_quota.hpp"
#include "yam/service/http_write/http_receipt.hpp"
#include "yam/service/server/server_admission.hpp"
#include "yam/store/new_file.hpp"

namespace yam::service {

class HttpServer;

class HttpUpload {
 public:
  // `name` beneath the served folder, for so many bytes (0: who knows). Faults as of Folder::create_file,
  // Code::timeout when too many files are on their way, Code::local when the quota has no room for them.
  // `server` outlives it.
  static net::Task<Result<HttpUpload>> begin(HttpServer& server, std::string name,
                                             store::NewFileOptions options, std::uint64_t promised_bytes);
  // Leaves nothing behind of what was not committed.
  ~HttpUpload();
  HttpUpload(HttpUpload&&) = default;
  HttpUpload& operator=(HttpUpload&&) = delete;

  // Code::local when there is no room for more.
  Result<> add(ByteView bytes);

  // Once, and nothing may follow. Code::refused when the name is taken by now.
  net::Task<Result<HttpReceipt>> commit();

 private:
  HttpUpload(HttpServer& server, store::NewFile file, Admission::Ticket ticket, HttpRoom room)
      : server_(&server), file_(std::move(file)), ticket_(std::move(ticket)), room_(std::move(room)) {}

  HttpServer* server_;
  store::NewFile file_;
  Admission::Ticket ticket_;
  HttpRoom room_;
  std::uint64_t bytes_ = 0;
};

class HttpExchange;

// The answer to a fault of an upload, if none was given yet.
void answer_unwritten(HttpExchange& exchange, const Error& error);

}  // namespace yam::service
