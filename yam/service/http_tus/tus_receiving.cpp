#include "yam/service/http_tus/tus_receiving.hpp"

#include <algorithm>
#include <cerrno>
#include <memory>
#include <unistd.h>
#include <utility>

#include "yam/base/text.hpp"
#include "yam/net/loop/elsewhere.hpp"
#include "yam/service/http_server/http_server.hpp"
#include "yam/service/http_tus/tus_answers.hpp"
#include "yam/store/ledger/digest.hpp"

namespace yam::service {

namespace {

using proto::tus::ChecksumKind;
using proto::tus::Refusal;
using store::DigestKind;

DigestKind kind_of_checksum(ChecksumKind kind) {
  switch (kind) {
    case ChecksumKind::sha1:
      return DigestKind::sha1;
    case ChecksumKind::md5:
      return DigestKind::md5;
    case ChecksumKind::sha256:
      break;
  }
  return DigestKind::sha256;
}

// What the thread of finish_tus() owns.
struct FinishingUpload {
  store::Folder folder;
  store::UploadId id;
  store::OpenUpload upload;
};

Result<HttpReceipt> finish_upload(FinishingUpload& finishing) {
  const store::UploadStore uploads(finishing.folder);
  store::UploadRecord& record = finishing.upload.record;
  auto digest = store::digest_of_file(DigestKind::sha256, finishing.upload.file.fd());
  if (!digest) return fail(digest.error());
  record.sha256 = std::move(*digest);
  record.proven.reset();
  record.expires = tus_expiry();
  // Before the name: a kill between the two leaves a record that knows the file again.
  if (const auto noted = uploads.note(finishing.id, record); !noted) return fail(noted.error());
  auto name = finishing.upload.file.commit();
  if (!name) return fail(name.error());
  record.finished_name = *name;
  if (const auto noted = uploads.note(finishing.id, record); !noted) return fail(noted.error());
  return HttpReceipt{std::move(*name), finishing.upload.offset, record.sha256,
                     store::look_at(finishing.upload.file.fd())};
}

net::Task<Result<std::optional<Refusal>>> receive_tus(HttpServer& server, HttpExchange& exchange,
                                                      TusReceiving& receiving) {
  using Outcome = Result<std::optional<Refusal>>;
  const store::UploadStore uploads(server.folder());
  store::OpenUpload& upload = receiving.upload;
  std::optional<store::Digest> digest;
  std::optional<std::uint64_t> proven;
  if (receiving.checksum) {
    digest.emplace(kind_of_checksum(receiving.checksum->kind));
    proven = upload.offset;
  }
  if (upload.record.proven != proven) {
    upload.record.proven = proven;
    if (const auto noted = uploads.note(receiving.id, upload.record); !noted) co_return fail(noted.error());
  }
  TusHolders::Hold hold(server.hosting().tus, receiving.id.digits, exchange.visit());
  const std::uint64_t begin = upload.offset;
  bool too_long = false;
  while (!too_long) {
    auto reading = exchange.read_content();
    const auto piece = co_await std::move(reading);
    if (!piece) co_return fail(piece.error());
    if (piece->empty()) break;
    hold.handle_progress();
    const ByteView taken =
        piece->first(std::min<std::uint64_t>(piece->size(), receiving.content_max - (upload.offset - begin)));
    too_long = taken.size() < piece->size();
    if (digest) digest->add(taken);
    if (const auto written = upload.file.write(taken); !written) co_return fail(written.error());
    upload.offset += taken.size();
    if (receiving.room && !receiving.room->keep_more(taken.size()))
      co_return fail(Code::local, "the quota has no room for more");
  }
  const bool is_proven = !digest || digest->finish() == receiving.checksum->digest;
  if (!is_proven) {
    const auto back = static_cast<off_t>(begin);
    if (::ftruncate(upload.file.fd(), back) != 0 || ::lseek(upload.file.fd(), back, SEEK_SET) != back)
      co_return fail_os("cannot drop what came damaged", errno);
    upload.offset = begin;
  }
  if (upload.record.proven) {
    upload.record.proven.reset();
    if (const auto noted = uploads.note(receiving.id, upload.record); !noted) co_return fail(noted.error());
  }
  Outcome outcome;
  if (too_long) outcome = Refusal{413, "the content is longer than the upload"};
  if (!is_proven)
    outcome = Refusal{proto::tus::checksum_mismatch, "the content is not what its checksum says"};
  co_return outcome;
}

}  // namespace

std::chrono::sys_seconds tus_expiry() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()) + tus_lifetime;
}

net::Task<Result<HttpReceipt>> finish_tus(HttpServer& server, store::UploadId id, store::OpenUpload upload) {
  auto folder = server.folder().duplicate();
  if (!folder) co_return fail(folder.error());
  const Commit commit(server.hosting());
  // Owned by the thread.
  auto owned = std::make_unique<FinishingUpload>(std::move(*folder), std::move(id), std::move(upload));
  std::move_only_function<Result<HttpReceipt>()> work = [finishing = std::move(owned)] {
    return finish_upload(*finishing);
  };
  auto doing = net::do_elsewhere<HttpReceipt>(server.hosting().loop, std::move(work));
  auto receipt = co_await std::move(doing);
  if (receipt && receipt->file) server.digests().learn(*receipt->file, receipt->sha256);
  co_return receipt;
}

net::Task<Result<std::optional<store::UploadState>>> take_tus_content(HttpServer& server,
                                                                      HttpExchange& exchange,
                                                                      TusReceiving receiving) {
  using Outcome = Result<std::optional<store::UploadState>>;
  const std::uint64_t begin = receiving.upload.offset;
  const std::uint64_t promised = receiving.upload.record.length.value_or(begin) - begin;
  constexpr std::uint64_t counted_already = 0;  // since its creation
  auto setting_aside = set_aside_room(server, {promised, counted_already});
  auto room = co_await std::move(setting_aside);
  if (!room) {
    answer_tus_fault(exchange, room.error());
    co_return Outcome(std::nullopt);
  }
  if (*room) receiving.room.emplace(std::move(**room));
  if (receiving.has_content) {
    auto taking = receive_tus(server, exchange, receiving);
    const auto refusal = co_await std::move(taking);
    if (!refusal) {
      answer_tus_fault(exchange, refusal.error());
      co_return fail(refusal.error());
    }
    if (*refusal) {
      answer_tus_refusal(server, exchange, **refusal);
      co_return Outcome(std::nullopt);
    }
  }
  store::UploadState state{receiving.upload.record, receiving.upload.offset};
  if (state.record.length == state.offset && !state.record.name.empty()) {
    auto finishing = finish_tus(server, receiving.id, std::move(receiving.upload));
    const auto receipt = co_await std::move(finishing);
    if (!receipt) {
      answer_tus_fault(exchange, receipt.error());
      co_return Outcome(std::nullopt);
    }
    state.record.finished_name = receipt->name;
  }
  co_return Outcome(std::move(state));
}

}  // namespace yam::service
