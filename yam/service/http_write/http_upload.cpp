#include "yam/service/http_write/http_upload.hpp"

#include <functional>
#include <memory>
#include <utility>

#include "yam/net/loop/elsewhere.hpp"
#include "yam/service/http_server/http_server.hpp"
#include "yam/service/http_site/http_site.hpp"
#include "yam/store/ledger/digest.hpp"

namespace yam::service {

namespace {

// Hashed, on the disk and under its name; else gone.
Result<HttpReceipt> finish_put(store::NewFile& file, std::uint64_t size) {
  auto digest = store::digest_of_file(store::DigestKind::sha256, file.fd());
  auto name = digest ? file.commit() : fail(digest.error());
  if (name) return HttpReceipt{std::move(*name), size, std::move(*digest), store::look_at(file.fd())};
  static_cast<void>(file.discard());
  return fail(name.error());
}

}  // namespace

net::Task<Result<HttpUpload>> HttpUpload::begin(HttpServer& server, std::string name,
                                                store::NewFileOptions options, std::uint64_t promised_bytes) {
  auto ticket = server.hosting().admission.admit_file();
  if (!ticket) co_return fail(Code::timeout, ticket.error().what);
  auto setting_aside = set_aside_room(server, {promised_bytes, 1});
  auto room = co_await std::move(setting_aside);
  if (!room) co_return fail(room.error());
  auto file = server.folder().create_file(name, options);
  if (!file) co_return fail(file.error());
  co_return HttpUpload(server, std::move(*file), std::move(*ticket), std::move(*room));
}

HttpUpload::~HttpUpload() {
  static_cast<void>(file_.discard());
}

Result<> HttpUpload::add(ByteView bytes) {
  bytes_ += bytes.size();
  if (room_ && !room_->grow_to(bytes_)) return fail(Code::local, "the quota has no room for more");
  return file_.write(bytes);
}

net::Task<Result<HttpReceipt>> HttpUpload::commit() {
  const Commit commit(server_->hosting());
  auto file = std::make_shared<store::NewFile>(std::move(file_));  // with the thread
  std::move_only_function<Result<HttpReceipt>()> work = [file, size = bytes_] {
    return finish_put(*file, size);
  };
  net::Elsewhere<HttpReceipt> finishing(server_->hosting().loop);
  if (auto begun = finishing.begin(std::move(work)); !begun) {
    static_cast<void>(file->discard());
    co_return fail(begun.error());
  }
  co_await finishing.wait();
  auto receipt = finishing.take();
  if (receipt && room_) room_->keep(bytes_);
  if (receipt && receipt->file) server_->digests().learn(*receipt->file, receipt->sha256);
  co_return receipt;
}

void answer_unwritten(HttpExchange& exchange, const Error& error) {
  if (exchange.answered()) return;
  switch (error.code) {
    case Code::not_found:
      return answer_in_words(exchange, 409, "there is no folder for this file");
    case Code::refused:
      return answer_in_words(exchange, 409, "there is something of that name, and it stays");
    case Code::usage:
      return answer_in_words(exchange, 400, "this is not the name of a file");
    case Code::timeout:
      return answer_in_words(exchange, 503, "too many files are on their way");
    default:
      return answer_in_words(exchange, 507, "there is no room for this file");
  }
}

}  // namespace yam::service
