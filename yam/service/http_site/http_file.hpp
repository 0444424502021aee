#pragma once
// A file as an answer to GET and HEAD: conditions, ranges, and the bytes. It is sent as it stood when it was
// opened; one that shrinks meanwhile breaks the answer off, so that nobody takes it for the whole.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "yam/proto/http/field/range.hpp"
#include "yam/service/http_server/http_exchange.hpp"
#include "yam/store/folder.hpp"

namespace yam::service {

// Strong (RFC 9110 §8.8.3): from inode, size and time of change to the nanosecond, so that two versions share
// one only when they have the same size and came within one tick of the file system's clock.
// Another one for each content coding, marked by its name.
std::string entity_tag_of(const store::FileStatus& file, std::string_view coding = {});

// Where an answer takes a file's bytes from: the open file, or memory.
struct HttpFileContent {
  HttpFileContent(store::OpenedFile file) : status(file), fd(std::move(file.fd)) {}  // NOLINT: it is one
  HttpFileContent(const store::FileStatus& s, std::shared_ptr<const std::string> k)
      : status(s), kept(std::move(k)) {}

  store::FileStatus status;
  net::Fd fd;
  std::shared_ptr<const std::string> kept;              // of what was asked for often; else null
  std::vector<proto::http::ByteRange>* gone = nullptr;  // gets what went out of it, also where that broke off
};

class HttpServer;

// `media_type` is fixed text; `digest` for Repr-Digest, empty where it is not known. Text goes out in a
// content coding where the client asks for one. Both references outlive the task.
net::Task<Result<>> answer_with_file(HttpServer& server, HttpExchange& exchange, HttpFileContent file,
                                     std::string_view media_type, std::string digest = {});

}  // namespace yam::service
