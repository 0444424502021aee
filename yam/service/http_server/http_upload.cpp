#include "yam/service/http_server/http_upload.hpp"

#include "yam/service/commit.hpp"
#include "yam/service/http_server/http_server.hpp"
#include "yam/service/http_server/http_site.hpp"

namespace yam::service {

namespace {

std::string digest_hex(ByteView digest) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const std::byte byte : digest) {
    const auto number = std::to_integer<unsigned>(byte);
    text += {digits[number >> 4], digits[number & 15]};
  }
  return text;
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
  digest_.add(bytes);
  bytes_ += bytes.size();
  return file_.write(bytes);
}

net::Task<Result<HttpReceipt>> HttpUpload::commit() {
  const Commit commit(server_->hosting());
  auto committing = commit_elsewhere(server_->hosting().loop, std::move(file_), Uncommitted::discard);
  const auto taken = co_await std::move(committing);
  if (!taken) co_return fail(taken.error());
  HttpReceipt receipt;
  receipt.name = *taken;
  receipt.size = bytes_;
  receipt.sha256 = digest_hex(digest_.finish());
  co_return receipt;
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
