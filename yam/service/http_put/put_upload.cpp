#include "yam/service/http_put/put_upload.hpp"

#include <algorithm>
#include <functional>
#include <utility>

#include "yam/base/quantity.hpp"
#include "yam/base/text.hpp"
#include "yam/net/loop/elsewhere.hpp"
#include "yam/service/http_client/http_facts.hpp"
#include "yam/service/http_client/retry.hpp"
#include "yam/store/ledger/digest.hpp"

namespace yam::service {

using net::Task;

// The hash of a file, made on another thread while the server is busy as well.
class PutUpload::Digesting {
 public:
  explicit Digesting(net::Loop& loop) : elsewhere_(loop) {}

  Result<void> begin(std::shared_ptr<const PutSource> source) {
    std::move_only_function<Result<Bytes>()> work = [shared = std::move(source)] {
      return store::digest_of_file(store::DigestKind::sha256, shared->fd());
    };
    return elsewhere_.begin(std::move(work));
  }
  net::Event::Wait wait() { return elsewhere_.wait(); }
  Result<Bytes> take() { return elsewhere_.take(); }

 private:
  net::Elsewhere<Bytes> elsewhere_;
};

PutUpload::PutUpload(HttpClient& client, HttpWish& wish, const PutRules& rules, const PutOffer& offer,
                     const HttpUrl& into, const PutErrand& errand, bool was_sent, PutReport& report)
    : client_(client),
      rules_(rules),
      offer_(offer),
      into_(into),
      errand_(errand),
      report_(report),
      asking_(client, wish, rules, errand.url.origin, report),
      was_sent_(was_sent) {
  report_.url = errand.url;
  report_.file = errand.file;
  // A server of both ways gives receipts, as far as is known; it hashes at the same time.
  if (offer.takes_put && offer.has_tus()) asking_.on_sent = [this] { begin_digest(); };
}

PutUpload::~PutUpload() = default;

Task<Result<void>> PutUpload::run() {
  const Time began = Clock::now();
  Result<void> outcome;
  auto opened = PutSource::open(client_.loop(), errand_);
  if (opened) {
    source_ = std::move(*opened);
    if (!source_->is_stream()) report_.size_bytes = source_->size_bytes();
  } else {
    outcome = fail(opened.error());
  }
  for (unsigned tries = 0; outcome;) {
    const std::uint64_t before = offset_;
    auto attempting = attempt();
    auto attempted = co_await std::move(attempting);
    if (attempted) break;
    Fault& fault = attempted.error();
    if (offset_ > before) tries = 0;
    const Duration wait = retry_wait(tries, fault.wait);
    const bool is_spent = source_->is_stream() && source_->is_begun;
    if (!fault.again || is_spent || tries == rules_.retries || wait > retry_after_max) {
      report_.is_hopeless = report_.is_hopeless || !asking_.was_there();
      outcome = fail(last_words(std::move(fault.error)));
      break;
    }
    ++tries;
    ++report_.retries;
    say(fault.error.what + "; trying again in " + print_duration(wait) + " (" + std::to_string(tries) +
        " of " + std::to_string(rules_.retries) + ")");
    co_await client_.loop().sleep_for(wait);
  }
  report_.span = Clock::now() - began;
  co_return outcome;
}

Task<PutUpload::Outcome> PutUpload::attempt() {
  const std::uint64_t size_max = offer_.tus.size_max.value_or(UINT64_MAX);
  if (report_.size_bytes.value_or(0) > size_max && offer_.has_tus())
    co_return failed({Code::refused,
                      into_.to_string() + " takes files of " + print_bytes(size_max) + " at most, and " +
                          quoted(errand_.file) + " has " + print_bytes(*report_.size_bytes),
                      ""});
  report_.by_tus = offer_.prefers_tus(report_.size_bytes);
  auto attempting = report_.by_tus ? attempt_tus() : attempt_put();
  co_return co_await std::move(attempting);
}

std::unexpected<PutUpload::Fault> PutUpload::failed(Error error) const {
  Fault fault{std::move(error)};
  fault.again =
      is_passing(fault.error.code);  // the server has answered before, when it was asked what it takes
  return std::unexpected(std::move(fault));
}

Task<PutUpload::Outcome> PutUpload::refused_by(HttpConnection& connection) {
  auto receiving = receive_put_answer(connection);
  const PutAnswer answer = co_await std::move(receiving);
  Fault fault{put_refusal(asking_.url(), connection.head(), answer.words)};
  const bool was_cut = asking_.sent_bytes() > 0 && says_cut(connection.head());
  fault.again = was_cut || is_passing(unsigned{connection.head().status()});
  fault.wait = retry_after_of(connection.head());
  report_.is_hopeless = is_refusal_of_all(connection.head().status());
  co_return std::unexpected(std::move(fault));
}

Task<PutUpload::Answered> PutUpload::ask(PutRequest put) {
  auto asking = asking_.ask(std::move(put));
  auto asked = co_await std::move(asking);
  if (!asked) co_return failed(asked.error());
  co_return std::move(*asked);
}

// What the person who waited in vain should know.
Error PutUpload::last_words(Error error) const {
  if (place_ && offset_ > 0 && rules_.places != nullptr && is_passing(error.code))
    error.hint = print_bytes(offset_) + " are there; the same command goes on from there";
  const bool is_spent = source_->is_stream() && source_->is_begun;
  if (is_spent && error.hint.empty()) error.hint = quoted(errand_.file) + " cannot be read a second time";
  return error;
}

void PutUpload::say(const std::string& words) const {
  if (rules_.notice) rules_.notice(escaped(errand_.file) + ": " + words);
}

// ---- what arrived

void PutUpload::begin_digest() {
  if (source_->is_stream() || digesting_) return;
  digesting_ = std::make_unique<Digesting>(client_.loop());
  if (!digesting_->begin(source_)) digesting_.reset();
}

Task<Result<Bytes>> PutUpload::digest() {
  begin_digest();
  if (!digesting_) co_return fail(Code::local, "there is no thread to hash " + quoted(errand_.file));
  co_await digesting_->wait();
  auto digest = digesting_->take();
  digesting_.reset();
  co_return digest;
}

Task<PutUpload::Outcome> PutUpload::compare(PutReceipt receipt) {
  if (receipt.sha256.empty() || source_->is_stream()) co_return compare_with(receipt, {});
  auto digesting = digest();
  const auto sha256 = co_await std::move(digesting);
  if (!sha256) co_return failed(sha256.error());
  co_return compare_with(receipt, *sha256);
}

PutUpload::Outcome PutUpload::compare_with(const PutReceipt& receipt, ByteView sha256) {
  const std::uint64_t size = source_->is_stream() ? report_.bytes : source_->size_bytes();
  const bool is_same = sha256.empty() || std::ranges::equal(receipt.sha256, sha256);
  if (is_same && receipt.size_bytes.value_or(size) == size) {
    report_.is_verified = !sha256.empty();
    return {};
  }
  return failed(
      {Code::verification,
       report_.url.to_string() + ": what the server has now is not what " + quoted(errand_.file) + " is here",
       ""});
}

}  // namespace yam::service
