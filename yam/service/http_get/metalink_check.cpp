#include "yam/service/http_get/metalink_check.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <fcntl.h>
#include <memory>
#include <unistd.h>
#include <utility>

#include "yam/net/loop/elsewhere.hpp"
#include "yam/store/ledger/digest.hpp"

namespace yam::service {

namespace metalink = proto::metalink;
using net::Task;

namespace {

store::DigestKind digest_kind(metalink::HashKind kind) {
  switch (kind) {
    case metalink::HashKind::md5:
      return store::DigestKind::md5;
    case metalink::HashKind::sha1:
      return store::DigestKind::sha1;
    case metalink::HashKind::sha256:
      return store::DigestKind::sha256;
    case metalink::HashKind::sha512:
      break;
  }
  return store::DigestKind::sha512;
}

// Absent where the file ends before.
Result<std::optional<Bytes>> digest_of_span(int file, Span span, metalink::HashKind kind) {
  constexpr std::size_t step = 256 * 1024;
  store::Digest digest(digest_kind(kind));
  Bytes bytes(static_cast<std::size_t>(std::min<std::uint64_t>(span.bytes(), step)));
  while (span.bytes() > 0) {
    const auto most = static_cast<std::size_t>(std::min<std::uint64_t>(span.bytes(), bytes.size()));
    const ssize_t came = ::pread(file, bytes.data(), most, static_cast<off_t>(span.first));
    if (came < 0 && errno == EINTR) continue;
    if (came < 0) return fail_os("cannot read what came", errno);
    if (came == 0) return std::optional<Bytes>();
    digest.add(ByteView(bytes).first(static_cast<std::size_t>(came)));
    span.first += static_cast<std::uint64_t>(came);
  }
  return std::optional<Bytes>(digest.finish());
}

// Set when nobody waits any more.
struct Abandoned {
  std::shared_ptr<std::atomic<bool>> flag =
      std::make_shared<std::atomic<bool>>(false);  // shared with the thread
  Abandoned() = default;
  ~Abandoned() { *flag = true; }
  Abandoned(const Abandoned&) = delete;
  Abandoned& operator=(const Abandoned&) = delete;
};

}  // namespace

Span span_of_piece(const metalink::Pieces& pieces, std::size_t number, std::uint64_t size_bytes) {
  const std::uint64_t first = number * pieces.piece_bytes;
  return {first, first + std::min(pieces.piece_bytes, size_bytes - first)};
}

Task<Result<std::vector<std::size_t>>> check_pieces(net::Loop& loop, int file,
                                                    std::shared_ptr<const metalink::Pieces> pieces,
                                                    std::uint64_t size_bytes,
                                                    std::vector<std::size_t> numbers) {
  net::Fd own(::fcntl(file, F_DUPFD_CLOEXEC, 0));
  if (!own) co_return fail_os("cannot read what came", errno);
  const Abandoned abandoned;
  auto doing = net::do_elsewhere<std::vector<std::size_t>>(
      loop,
      [own = std::move(own), pieces = std::move(pieces), size_bytes, numbers = std::move(numbers),
       stop = abandoned.flag]() -> Result<std::vector<std::size_t>> {
        std::vector<std::size_t> good;
        for (const std::size_t number : numbers) {
          if (*stop) return fail(Code::interrupted, "nobody waits any more");
          auto digest = digest_of_span(own.get(), span_of_piece(*pieces, number, size_bytes), pieces->kind);
          if (!digest) return fail(digest.error());
          if (*digest && std::ranges::equal(**digest, pieces->hash(number))) good.push_back(number);
        }
        return good;
      });
  co_return co_await std::move(doing);
}

Task<Result<bool>> check_whole(net::Loop& loop, int file, metalink::Hash hash) {
  net::Fd own(::fcntl(file, F_DUPFD_CLOEXEC, 0));
  if (!own) co_return fail_os("cannot read what came", errno);
  auto doing =
      net::do_elsewhere<bool>(loop, [own = std::move(own), hash = std::move(hash)]() -> Result<bool> {
        auto digest = store::digest_of_file(digest_kind(hash.kind), own.get());
        if (!digest) return fail(digest.error());
        return *digest == hash.value;
      });
  co_return co_await std::move(doing);
}

}  // namespace yam::service
