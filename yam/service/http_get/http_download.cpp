#include "yam/service/http_get/http_download.hpp"

#include <utility>

#include "yam/base/path.hpp"
#include "yam/base/quantity.hpp"
#include "yam/base/text.hpp"
#include "yam/net/stdio.hpp"
#include "yam/proto/http/field/disposition.hpp"
#include "yam/service/http_client/http_facts.hpp"
#include "yam/service/http_get/metalink_errand.hpp"

namespace yam::service {

namespace http = proto::http;
using net::Task;

namespace {

constexpr const char* cannot_go_back =
    "what was written cannot be taken back, and the server cannot go on from there";

// Whoever chose the file, all that stands in its way is this machine's doing.
std::unexpected<Error> fail_at_output(Error error) {
  error.code = Code::local;
  return fail(std::move(error));
}

}  // namespace

HttpDownload::HttpDownload(HttpClient& client, HttpWish& wish, const HttpGetRules& rules, HttpUrl url,
                           std::string file, HttpGetReport& report)
    : client_(client),
      wish_(wish),
      rules_(rules),
      url_(std::move(url)),
      file_(std::move(file)),
      report_(report) {
  report_.url = url_;
  report_.file = file_;
}

HttpDownload::~HttpDownload() {
  if (!is_done_ && part_ && part_->can_go_on())
    say(print_bytes(part_->ledger().there.bytes()) + " are kept in " + escaped(part_->part_path()) +
        "; --continue goes on from there");
}

Task<Result<void>> HttpDownload::run() {
  const Time began = Clock::now();
  Result<void> outcome;
  const bool expects_metalink = follows_metalink_ && is_metalink(url_);
  if (!rules_.named_by_server && !expects_metalink) outcome = open(file_);
  for (unsigned tries = 0; outcome;) {
    const std::uint64_t before = ledger().there.bytes();
    auto attempting = attempt();
    auto attempted = co_await std::move(attempting);
    if (attempted) {
      outcome = commit();
      break;
    }
    Fault& fault = attempted.error();
    if (fault.anew) {
      outcome = start_anew(fault.error.what);
    } else if (can_go_on() && ledger().there.bytes() > before) {
      tries = 0;
    }
    const Duration wait = fault.anew ? Duration::zero() : retry_wait(tries, fault.wait);
    if (!fault.again || tries == rules_.retries || wait > retry_after_max)
      outcome = fail(last_words(std::move(fault.error)));
    if (!outcome) break;
    ++tries;
    ++report_.retries;
    say(fault.error.what + "; trying again in " + print_duration(wait) + " (" + std::to_string(tries) +
        " of " + std::to_string(rules_.retries) + ")");
    co_await client_.loop().sleep_for(wait);
  }
  report_.span = Clock::now() - began;
  is_done_ = true;
  co_return outcome;
}

Result<void> HttpDownload::open(const std::string& path) {
  net::Loop& loop = client_.loop();
  report_.file = path;
  if (path == get_standard) {
    net::StdioOptions options;
    options.in = -1;
    auto out = net::open_stdio(loop, options);
    if (!out) return fail_at_output(out.error());
    out_ = std::move(*out);
    return {};
  }
  if (net::is_special_file(path)) {
    auto out = net::open_file(loop, path, net::FileUse::write);
    if (!out) return fail_at_output(out.error());
    out_ = std::move(*out);
    return {};
  }
  auto part = PartFile::open(path, rules_.existing);
  if (!part) return fail(part.error());
  part_ = std::move(*part);
  sync_.emplace(loop, *part_);
  const bool is_known = part_->ledger().url == url_.to_string();
  if (!rules_.goes_on || !is_known) return part_->restart();
  if (!part_->can_go_on()) return {};
  report_.began_at = part_->ledger().there.bytes();
  say("going on at " + print_bytes(report_.began_at) + " of " + print_bytes(part_->ledger().size_bytes));
  return {};
}

// Where the server may choose the name, within the folder that is file_.
Result<void> HttpDownload::open_named(const HttpHead& head) {
  if (part_ || out_) return {};
  std::optional<http::Disposition> disposition;
  if (const auto value = head.fields().only("Content-Disposition"))
    disposition = http::parse_disposition(*value);
  Result<std::string> name = fail(Code::usage, "");
  if (disposition && disposition->filename) {
    std::string told(last_part(*disposition->filename));
    told = told.substr(told.rfind('\\') + 1);
    if (told.starts_with('.')) told[0] = '_';  // nothing that hides, or configures somebody's shell
    name = clean_name(told);
  }
  if (!name) name = url_.local_name();
  if (!name) return fail(name.error());
  return open(file_ + *name);
}

HttpRequest HttpDownload::request_for(std::optional<Span> span) {
  HttpRequest request;
  request.url = url_;
  request.fields = {{"User-Agent", "yam"}, {"Accept", "*/*"}};
  if (span) {
    const std::string range = std::to_string(span->first) + "-" + std::to_string(span->end - 1);
    request.fields.push_back({"Range", "bytes=" + range});
    if (!ledger().tag.empty()) request.fields.push_back({"If-Range", ledger().tag});
  } else if (rules_.asks_coded) {
    request.fields.push_back({"Accept-Encoding", std::string(ContentDecoder::accepted)});
  }
  return request;
}

Task<HttpDownload::Answered> HttpDownload::ask(std::optional<Span> span) {
  HttpTrip trip;
  ++report_.requests;
  auto fetching = http_fetch(client_, wish_, request_for(span), trip);
  auto fetched = co_await std::move(fetching);
  report_.url = trip.url;
  answered_ = answered_ || trip.reached == HttpReached::answered;
  if (fetched) {
    report_.status = (*fetched)->head().status();
    report_.peer = (*fetched)->peer();
    co_return std::move(*fetched);
  }
  Fault fault{fetched.error()};
  const bool was_there = answered_ || trip.reached == HttpReached::connected;
  fault.again = is_passing(fault.error.code) && (was_there || rules_.retries_calls);
  co_return std::unexpected(std::move(fault));
}

Task<HttpDownload::Outcome> HttpDownload::attempt() {
  if (can_go_on()) {
    auto attempting = attempt_gaps();
    co_return co_await std::move(attempting);
  }
  if (!part_ && !streamed_.there.empty()) {
    Fault fault{
        {Code::network, "what was written cannot be taken back, and the server cannot go on from there", ""}};
    co_return std::unexpected(std::move(fault));
  }
  if (ranges() > 1 && part_) {
    auto attempting = attempt_first_piece();
    co_return co_await std::move(attempting);
  }
  auto asking = ask(std::nullopt);
  auto answered = co_await std::move(asking);
  if (!answered) co_return std::unexpected(std::move(answered.error()));
  auto taking = take_whole(std::move(*answered));
  co_return co_await std::move(taking);
}

Result<void> HttpDownload::start_anew(const std::string& why) {
  say(why + ": begun anew");
  report_.began_at = 0;
  if (part_) return part_->restart();
  return fail(Code::network, cannot_go_back);
}

// What the person who waited in vain should know.
Error HttpDownload::last_words(Error error) {
  if (part_ && part_->can_go_on())
    error.hint = print_bytes(ledger().there.bytes()) + " are kept in " + escaped(part_->part_path()) +
                 "; --continue goes on from there";
  return error;
}

Result<void> HttpDownload::commit() {
  if (!part_ || metalink_) return {};
  std::optional<std::chrono::sys_seconds> modified;
  if (rules_.keeps_time && ledger().modified > 0)
    modified = std::chrono::sys_seconds(std::chrono::seconds(ledger().modified));
  return part_->commit(modified);
}

void HttpDownload::say(const std::string& words) const {
  if (rules_.notice) rules_.notice(escaped(report_.file) + ": " + words);
}

}  // namespace yam::service
