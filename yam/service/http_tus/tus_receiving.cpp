#include "yam/service/http_tus/tus_receiving.hpp"

#include <algorithm>
#include <cerrno>
#include <memory>
#include <unistd.h>
#include <utility>

#include "yam/base/text.hpp"
#include "yam/service/elsewhere.hpp"
#include "yam/service/http_server/http_server.hpp"
#include "yam/store/ledger/digest.hpp"

namespace yam::service {

namespace {

using proto::tus::ChecksumKind;
using proto::tus::Refusal;
using store::DigestKind;

constexpr std::size_t digest_step_bytes = 256 * 1024;

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

Result<Bytes> digest_of_upload(int file) {
  store::Digest digest(DigestKind::sha256);
  const auto buffer = std::make_unique_for_overwrite<std::byte[]>(digest_step_bytes);
  for (off_t offset = 0;;) {
    const ssize_t count = ::pread(file, buffer.get(), digest_step_bytes, offset);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail_os("cannot read what was uploaded", errno);
    if (count == 0) return digest.finish();
    digest.add({buffer.get(), static_cast<std::size_t>(count)});
    offset += count;
  }
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
  auto digest = digest_of_upload(finishing.upload.file.fd());
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
  std::string sha256 = hex(record.sha256);
  std::erase(sha256, ' ');
  return HttpReceipt{std::move(*name), finishing.upload.offset, std::move(sha256)};
}

}  // namespace

std::chrono::sys_seconds tus_expiry() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()) + tus_lifetime;
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
  const std::uint64_t begin = upload.offset;
  bool too_long = false;
  while (!too_long) {
    auto reading = exchange.read_content();
    const auto piece = co_await std::move(reading);
    if (!piece) co_return fail(piece.error());
    if (piece->empty()) break;
    const ByteView taken =
        piece->first(std::min<std::uint64_t>(piece->size(), receiving.content_max - (upload.offset - begin)));
    too_long = taken.size() < piece->size();
    if (digest) digest->add(taken);
    if (const auto written = upload.file.write(taken); !written) co_return fail(written.error());
    upload.offset += taken.size();
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

net::Task<Result<HttpReceipt>> finish_tus(HttpServer& server, store::UploadId id, store::OpenUpload upload) {
  auto folder = server.folder().duplicate();
  if (!folder) co_return fail(folder.error());
  const Commit commit(server.hosting());
  // Owned by the thread.
  auto owned = std::make_unique<FinishingUpload>(std::move(*folder), std::move(id), std::move(upload));
  std::move_only_function<Result<HttpReceipt>()> work = [finishing = std::move(owned)] {
    return finish_upload(*finishing);
  };
  auto doing = do_elsewhere<HttpReceipt>(server.hosting().loop, std::move(work));
  co_return co_await std::move(doing);
}

}  // namespace yam::service
