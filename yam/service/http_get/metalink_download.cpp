#include "yam/service/http_get/metalink_download.hpp"

#include <algorithm>
#include <utility>

#include "yam/base/quantity.hpp"
#include "yam/base/text.hpp"
#include "yam/service/http_client/http_facts.hpp"
#include "yam/service/http_get/metalink_check.hpp"
#include "yam/store/ledger/digest.hpp"

namespace yam::service {

namespace metalink = proto::metalink;
using net::Task;

namespace {

// How often one looks whether somebody is too slow, and what that means: the rest would take so much longer
// than by the best one.
constexpr Duration look_pause = std::chrono::seconds(1);
constexpr Duration slow_after = std::chrono::seconds(3);
constexpr double slow_times = 4;

// As an entity tag, so that the ledger keeps it.
std::string tag_of(const MetalinkErrand& errand) {
  if (errand.hash)
    return "\"" + std::string(metalink::name_of(errand.hash->kind)) + ":" + joined_hex(errand.hash->value) +
           "\"";
  const Bytes digest = store::digest_of(store::DigestKind::sha256, errand.pieces->hashes);
  return "\"pieces:" + std::to_string(errand.pieces->piece_bytes) + ":" + joined_hex(digest) + "\"";
}

}  // namespace

MetalinkDownload::MetalinkDownload(HttpClient& client, const HttpWish& wish, const HttpGetRules& rules,
                                   const MetalinkErrand& errand, std::string file, HttpGetReport& report)
    : client_(client),
      rules_(rules),
      errand_(errand),
      home_(wish),
      foreign_(without_secrets(wish)),
      file_(std::move(file)),
      report_(report),
      tag_(tag_of(errand)),
      news_(client.loop()) {
  if (errand.pieces) pieces_ = std::make_shared<const metalink::Pieces>(*errand.pieces);
  for (const HttpUrl& url : errand.mirrors)
    mirrors_.push_back({.url = url});
  report_.url = errand.mirrors.front();
  report_.file = file_;
  report_.size_bytes = errand.size_bytes;
}

MetalinkDownload::~MetalinkDownload() {
  if (is_done_ || !part_) return;
  end_work();
  if (part_->can_go_on())
    say(print_bytes(ledger().there.bytes()) + " are kept in " + escaped(part_->part_path()) +
        "; --continue goes on from there");
}

// What they were at is not worth keeping: begun pieces are nobody's.
void MetalinkDownload::end_work() {
  workers_.clear();
  if (pieces_) ledger().there.keep(ledger().verified);
}

Task<Result<void>> MetalinkDownload::run() {
  const Time began = Clock::now();
  auto finding = find_size();
  Result<void> outcome = co_await std::move(finding);
  bool is_whole = false;
  if (outcome) {
    auto taking = take_present();
    const auto taken = co_await std::move(taking);
    is_whole = taken.value_or(false);
    if (!taken) outcome = fail(taken.error());
  }
  if (outcome && !is_whole) {
    auto fetching = fetch();
    outcome = co_await std::move(fetching);
    end_work();
  }
  if (outcome && !is_whole) {
    auto finishing = finish();
    outcome = co_await std::move(finishing);
  }
  if (!outcome && part_ && part_->can_go_on())
    outcome.error().hint = print_bytes(ledger().there.bytes()) + " are kept in " +
                           escaped(part_->part_path()) + "; --continue goes on from there";
  report_.span = Clock::now() - began;
  is_done_ = true;
  co_return outcome;
}

// Where the document does not tell it, the first mirror that does is believed; hashes have the last word.
Task<Result<void>> MetalinkDownload::find_size() {
  if (report_.size_bytes) co_return Result<void>();
  for (Mirror& mirror : mirrors_) {
    auto asking = ask(mirror, Span{0, 1});
    auto answered = co_await std::move(asking);
    if (answered) {
      const auto given = range_of((*answered)->head());
      const bool is_all = (*answered)->head().status() == 200;
      if (given) report_.size_bytes = given->size_bytes;
      if (is_all && (*answered)->framing().body == proto::http::Body::length)
        report_.size_bytes = (*answered)->framing().length_bytes;
    }
    if (report_.size_bytes && pieces_) {
      const std::uint64_t whole = *report_.size_bytes / pieces_->piece_bytes;
      const bool fits = pieces_->count() == whole + (*report_.size_bytes % pieces_->piece_bytes > 0 ? 1 : 0);
      if (!fits) report_.size_bytes.reset();
    }
    if (report_.size_bytes) co_return Result<void>();
    Error error{Code::refused, "it does not tell the size", ""};
    if (!answered) error = answered.error().error;
    last_fault_ = error;
    leave(mirror, error.what);
  }
  co_return fail(*last_fault_);
}

// Until nothing is missing, or nobody is left to give it.
Task<Result<void>> MetalinkDownload::fetch() {
  const std::size_t at_once = rules_.ranges > 1 ? rules_.ranges : std::min(mirrors_.size(), at_once_default);
  for (std::size_t i = 0; i < at_once; ++i)
    workers_.emplace_back(client_.loop());
  for (;;) {
    for (Worker& worker : workers_) {
      if (!worker.fault) continue;
      if (auto last = judge(worker)) co_return fail(std::move(*last));
    }
    const bool is_anyone_busy =
        std::ranges::any_of(workers_, [](const Worker& worker) { return worker.mirror != nullptr; });
    if (left_.empty() && !is_anyone_busy) share_out();
    if (left_.empty() && !is_anyone_busy) co_return Result<void>();
    news_.reset();
    const Time now = client_.loop().now();
    for (Worker& worker : workers_)
      if (worker.mirror == nullptr && now >= due_ && (!left_.empty() || relieve()) && !begin(worker)) break;
    const Time next = now < due_ ? std::min(due_, after(now, look_pause)) : after(now, look_pause);
    co_await news_.wait(next);
  }
}

// What is missing, in shares that end with a piece.
void MetalinkDownload::share_out() {
  const std::uint64_t unit = pieces_ ? pieces_->piece_bytes : share_bytes_min;
  std::uint64_t share =
      std::clamp(size() / (4 * workers_.size()), share_bytes_min, share_bytes_max) / unit * unit;
  share = std::max(share, unit);
  for (Span gap : ledger().there.gaps(size())) {
    while (gap.bytes() > share) {
      left_.push_back({gap.first, gap.first + share});
      gap.first += share;
    }
    left_.push_back(gap);
  }
}

std::size_t MetalinkDownload::mirrors_left() const {
  return static_cast<std::size_t>(std::ranges::count(mirrors_, false, &Mirror::is_left));
}

// The one with the least to do; who gives no ranges only when nobody else is left, and then alone.
MetalinkDownload::Mirror* MetalinkDownload::best_mirror() {
  Mirror* best = nullptr;
  bool is_anyone_busy = false;
  for (Mirror& mirror : mirrors_) {
    is_anyone_busy = is_anyone_busy || mirror.at_work > 0;
    if (mirror.is_left) continue;
    if (best == nullptr || (best->gives_all && !mirror.gives_all) ||
        (best->gives_all == mirror.gives_all && mirror.at_work < best->at_work))
      best = &mirror;
  }
  if (best != nullptr && best->gives_all && is_anyone_busy) return nullptr;
  return best;
}

bool MetalinkDownload::begin(Worker& worker) {
  Mirror* mirror = best_mirror();
  if (mirror == nullptr) return false;
  worker.mirror = mirror;
  worker.span = left_.front();
  left_.pop_front();
  worker.since = client_.loop().now();
  worker.bytes = 0;
  ++mirror->at_work;
  worker.task.spawn(carry(worker));
  return true;
}

// For who has nothing to do: half of what the slowest one still has, or all of it when he would never end.
bool MetalinkDownload::relieve() {
  const Time now = client_.loop().now();
  double best_rate = 0;
  for (const Mirror& mirror : mirrors_)
    if (!mirror.is_left) best_rate = std::max(best_rate, mirror.rate.value_or(0));
  Worker* slowest = nullptr;
  double longest = 0;
  for (Worker& worker : workers_) {
    if (worker.mirror == nullptr || worker.fault || now - worker.since < look_pause) continue;
    const double seconds = std::chrono::duration<double>(now - worker.since).count();
    const double rate = std::max(static_cast<double>(worker.bytes) / seconds, 1.0);
    const double left = static_cast<double>(worker.span.bytes()) / rate;
    if (left <= longest) continue;
    longest = left;
    slowest = &worker;
  }
  if (slowest == nullptr || longest < 1) return false;
  const std::uint64_t next = step_end(slowest->span.first);
  const std::uint64_t middle = step_end((next + slowest->span.end) / 2);
  if (next < slowest->span.end && middle < slowest->span.end) {
    left_.push_back({middle, slowest->span.end});
    slowest->span.end = middle;
    return true;
  }
  const double by_best = static_cast<double>(slowest->span.bytes()) / std::max(best_rate, 1.0);
  if (mirrors_left() < 2 || now - slowest->since < slow_after || longest < slow_times * by_best + 1)
    return false;
  slowest->task.cancel();
  Mirror& mirror = *slowest->mirror;
  --mirror.at_work;
  if (pieces_) part_->forget({slowest->span.first, step_end(slowest->span.first)});
  left_.push_back(slowest->span);
  slowest->mirror = nullptr;
  leave(mirror, "it is too slow");
  return true;
}

// What is to be done about a mirror's fault; the error, when it is the end.
std::optional<Error> MetalinkDownload::judge(Worker& worker) {
  Mirror& mirror = *worker.mirror;
  const Fault fault = std::move(*worker.fault);
  worker.fault.reset();
  worker.mirror = nullptr;
  if (fault.error.code == Code::local) return fault.error;
  if (mirror.is_left) return std::nullopt;
  last_fault_ = fault.error;
  if (worker.bytes > 0 && !pieces_) tries_ = 0;
  const Duration wait = retry_wait(tries_, fault.wait);
  if (mirrors_left() == 1 && fault.again && tries_ < rules_.retries && wait <= retry_after_max) {
    ++tries_;
    ++report_.retries;
    due_ = after(client_.loop().now(), wait);
    say(fault.error.what + "; trying again in " + print_duration(wait) + " (" + std::to_string(tries_) +
        " of " + std::to_string(rules_.retries) + ")");
    return std::nullopt;
  }
  leave(mirror, fault.error.what);
  if (mirrors_left() > 0) return std::nullopt;
  Error error = fault.error;
  if (error.what.find(mirror.url.origin.to_string()) == std::string::npos)
    error.what = mirror.url.to_string() + ": " + error.what;
  if (mirrors_.size() > 1) error.what += "; no other mirror is left";
  return error;
}

void MetalinkDownload::leave(Mirror& mirror, const std::string& words) {
  mirror.is_left = true;
  if (mirrors_left() == 0) return;
  const std::string url = mirror.url.to_string();
  const bool is_named = words.find(mirror.url.origin.to_string()) != std::string::npos;
  say((is_named ? words : url + ": " + words) + "; left for the other mirrors");
}

// Pieces have proven everything, unless the hash of the whole is a better one.
Task<Result<void>> MetalinkDownload::finish() {
  const bool is_proven = pieces_ && (!errand_.hash || pieces_->kind >= metalink::HashKind::sha256 ||
                                     pieces_->kind >= errand_.hash->kind);
  if (!is_proven && errand_.hash) {
    auto checking = check_whole(client_.loop(), part_->fd(), *errand_.hash);
    const auto good = co_await std::move(checking);
    if (!good) co_return fail(good.error());
    if (!*good) {
      part_->discard();
      co_return fail(Code::verification, quoted(file_) + ": what came has another " +
                                             std::string(metalink::name_of(errand_.hash->kind)) +
                                             " than the Metalink says");
    }
  }
  co_return part_->commit(std::nullopt);
}

void MetalinkDownload::say(const std::string& words) const {
  if (rules_.notice) rules_.notice(escaped(report_.file) + ": " + words);
}

}  // namespace yam::service
