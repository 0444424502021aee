// Of metalink_download.hpp: what is here already, from an earlier run or under the name itself.

#include <cerrno>
#include <fcntl.h>
#include <numeric>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include "yam/base/quantity.hpp"
#include "yam/base/text.hpp"
#include "yam/net/loop/elsewhere.hpp"
#include "yam/service/http_get/metalink_check.hpp"
#include "yam/service/http_get/metalink_download.hpp"

namespace yam::service {

using net::Task;

namespace {

// The kernel copies, or shares where the file system can.
Result<void> copy_file(int from, int to) {
  off_t source = 0, target = 0;
  for (;;) {
    const ssize_t count = ::copy_file_range(from, &source, to, &target, std::size_t{1} << 30, 0);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail_os("cannot copy what is to be repaired", errno);
    if (count == 0) return {};
  }
}

std::vector<std::size_t> all_of(const proto::metalink::Pieces& pieces) {
  std::vector<std::size_t> numbers(pieces.count());
  std::iota(numbers.begin(), numbers.end(), std::size_t{0});
  return numbers;
}

}  // namespace

// Opens the part; true when nothing is to be done, since the file is here and right.
Task<Result<bool>> MetalinkDownload::take_present() {
  const net::Fd file(::open(file_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat status{};
  const bool is_file = file && ::fstat(file.get(), &status) == 0 && S_ISREG(status.st_mode);
  if (rules_.goes_on && is_file) {
    auto repairing = repair(file.get(), static_cast<std::uint64_t>(status.st_size));
    co_return co_await std::move(repairing);
  }
  if (auto opened = open_part(rules_.existing); !opened) co_return fail(opened.error());
  auto taking = take_over_part();
  const auto taken = co_await std::move(taking);
  if (!taken) co_return fail(taken.error());
  co_return false;
}

// Its wrong pieces come again, into a copy, so that the file is whole or what it was at any time. A file
// without a single right piece is another one, and stays.
Task<Result<bool>> MetalinkDownload::repair(int file, std::uint64_t file_bytes) {
  std::vector<std::size_t> good;
  say("checking what is here");
  if (pieces_) {
    auto checking = check_pieces(client_.loop(), file, pieces_, size(), all_of(*pieces_));
    auto checked = co_await std::move(checking);
    if (!checked) co_return fail(checked.error());
    good = std::move(*checked);
  }
  bool is_right = file_bytes == size() && pieces_ && good.size() == pieces_->count();
  if (!pieces_ && file_bytes == size()) {
    auto checking = check_whole(client_.loop(), file, *errand_.hash);
    const auto checked = co_await std::move(checking);
    if (!checked) co_return fail(checked.error());
    is_right = *checked;
  }
  if (is_right) {
    report_.began_at = size();
    say("is here already, and right");
    co_return true;
  }
  if (auto opened = open_part(good.empty() ? rules_.existing : PartFile::Existing::replaced); !opened)
    co_return fail(opened.error());
  if (good.empty()) {
    auto taking = take_over_part();
    const auto taken = co_await std::move(taking);
    if (!taken) co_return fail(taken.error());
    co_return false;
  }
  if (auto restarted = part_->restart(); !restarted) co_return fail(restarted.error());
  net::Fd from(::fcntl(file, F_DUPFD_CLOEXEC, 0)), to(::fcntl(part_->fd(), F_DUPFD_CLOEXEC, 0));
  if (!from || !to) co_return fail_os("cannot copy what is to be repaired", errno);
  auto copying = net::do_elsewhere<void>(client_.loop(), [from = std::move(from), to = std::move(to)] {
    return copy_file(from.get(), to.get());
  });
  if (auto copied = co_await std::move(copying); !copied) co_return fail(copied.error());
  say(std::to_string(pieces_->count() - good.size()) + " of " + std::to_string(pieces_->count()) +
      " pieces are wrong, and come again");
  if (auto noted = note_good(good); !noted) co_return fail(noted.error());
  co_return false;
}

Result<void> MetalinkDownload::open_part(PartFile::Existing existing) {
  auto part = PartFile::open(file_, existing);
  if (!part) return fail(part.error());
  part_ = std::move(*part);
  sync_.emplace(client_.loop(), *part_);
  return {};
}

// What an earlier run left: what it had not checked any more is checked now.
Task<Result<void>> MetalinkDownload::take_over_part() {
  const bool is_same = part_->can_go_on() && ledger().tag == tag_ && ledger().size_bytes == size();
  if (!rules_.goes_on || !is_same) {
    if (auto restarted = part_->restart(); !restarted) co_return restarted;
    co_return note_good({});
  }
  if (!pieces_) {
    report_.began_at = ledger().there.bytes();
    say("going on at " + print_bytes(report_.began_at) + " of " + print_bytes(size()));
    co_return part_->write_in_order(false);
  }
  std::vector<std::size_t> known, unknown;
  for (const std::size_t number : all_of(*pieces_)) {
    const Span piece = span_of_piece(*pieces_, number, size());
    if (ledger().verified.has(piece)) {
      known.push_back(number);
    } else if (ledger().there.has(piece)) {
      unknown.push_back(number);
    }
  }
  auto checking = check_pieces(client_.loop(), part_->fd(), pieces_, size(), unknown);
  const auto checked = co_await std::move(checking);
  if (!checked) co_return fail(checked.error());
  say("going on with " + std::to_string(known.size() + checked->size()) + " of " +
      std::to_string(pieces_->count()) + " pieces, of which " + std::to_string(unknown.size()) +
      " had to be checked");
  known.insert(known.end(), checked->begin(), checked->end());
  co_return note_good(known);
}

// These pieces are there and right, and nothing else is.
Result<void> MetalinkDownload::note_good(const std::vector<std::size_t>& good) {
  Ledger& books = ledger();
  SpanSet right;
  for (const std::size_t number : good)
    right.add(span_of_piece(*pieces_, number, size()));
  books.url = errand_.document.to_string();
  books.tag = tag_;
  books.size_bytes = size();
  books.there = right;
  books.verified = right;
  books.synced.keep(right);
  report_.began_at = right.bytes();
  return part_->write_in_order(false);
}

}  // namespace yam::service
