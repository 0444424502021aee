#include "yam/service/http_write/http_upload.hpp"

#include <functional>
#include <memory>
#include <utility>

#include "yam/base/text.hpp"
#include "yam/net/loop/elsewhere.hpp"
#include "yam/service/http_server/http_server.hpp"
#include "yam/service/http_site/http_site.hpp"
#include "yam/store/ledger/digest.hpp"

namespace yam::service {

namespace {

// Hashed, on the disk and under its name; else gone.
Result<HttpReceipt> finish_put(store::NewFile& file, std::uint64_t size) {
  const auto digest = store::digest_of_file(store::DigestKind::sha256, file.fd());
  auto name = digest ? file.commit() : fail(digest.error());
  if (name) return HttpReceipt{std::move(*name), size, joined_hex(*digest)};
  static_cast<void>(file.discard());
  return fail(name.error());
}

}  // namespace

Result<HttpUpload> HttpUpload::begin(HttpServer& server, const std::string& name, store::IfExists if_exists) {
  auto ticket = server.hosting().admission.admit_file();
  if (!ticket) return fail(Code::timeout, ticket.error().what);
  store::NewFileOptions options;
  options.if_exists = if_exists;
  auto file = server.folder().create_file(name, options);
  if (!file) return fail(file.error());
  return HttpUpload(server, std::move(*file), std::move(*ticket));
}

Result<> HttpUpload::add(ByteView bytes) {
  bytes_ += bytes.size();
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
  co_return finishing.take();
}

void HttpUpload::discard() {
  static_cast<void>(file_.discard());
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
      return answer_in_words(exchange, 507, "the file cannot be written");
  }
}

}  // namespace yam::service
