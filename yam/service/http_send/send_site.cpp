#include "yam/service/http_send/send_site.hpp"

#include <algorithm>
#include <array>

#include "yam/service/http_send/arrival.hpp"
#include "yam/service/http_server/http_query.hpp"
#include "yam/service/http_server/http_server.hpp"
#include "yam/service/http_site/http_archive.hpp"
#include "yam/service/http_site/http_folder.hpp"
#include "yam/service/http_site/http_own.hpp"
#include "yam/service/http_site/http_types.hpp"
#include "yam/service/secret.hpp"

namespace yam::service {

namespace {

using proto::http::Answer;
using proto::http::ByteRange;
using proto::http::Field;

constexpr std::string_view methods = "GET, HEAD, OPTIONS";

std::vector<std::size_t> counts_of(const std::vector<SendItem>& items) {
  std::vector<std::size_t> counts;
  for (const SendItem& item : items)
    counts.push_back(std::max<std::size_t>(item.files.size(), 1));
  return counts;
}

void answer_method(HttpExchange& exchange, std::uint16_t status) {
  const std::array fields{Field{"Allow", methods}};
  Answer answer;
  answer.status = status;
  answer.fields = fields;
  exchange.answer(answer, status == 204 ? "" : "this is for reading alone\n");
}

net::Task<Result<>> give_nothing() {
  co_return Result<>();
}

SendTally::Version version_of_sent(const store::FileStatus& file) {
  return {file.inode, file.size, file.mtime.time_since_epoch().count()};
}

// Where the connection broke, the end is what may not have come; the receiver asks for it again.
void forget_the_end(std::vector<ByteRange>& gone, std::uint64_t size) {
  std::erase_if(gone, [&](ByteRange& range) {
    const bool has_end = range.first + range.bytes == size;
    if (has_end && range.bytes > 0) --range.bytes;
    return has_end && range.bytes == 0;
  });
}

}  // namespace

// An answer while it is given.
class SendSite::Live {
 public:
  Live(SendSite& site, const HttpExchange& exchange) : site_(site), exchange_(exchange) {
    site_.live_.insert(&exchange_);
  }
  ~Live() {
    site_.live_.erase(&exchange_);
    site_.gone_bytes_ += exchange_.sent_bytes();
  }
  Live(const Live&) = delete;
  Live& operator=(const Live&) = delete;

 private:
  SendSite& site_;
  const HttpExchange& exchange_;
};

SendSite::SendSite(net::Loop& loop, std::vector<SendItem> items, std::string secret,
                   std::unique_ptr<net::Stream> input, SendTeller tell)
    : loop_(loop),
      items_(std::move(items)),
      secret_(std::move(secret)),
      tell_(std::move(tell)),
      tally_(counts_of(items_)),
      news_(loop) {
  if (input) input_.emplace(std::move(input));
}

SendSite::Progress SendSite::progress() const {
  Progress progress;
  progress.bytes = gone_bytes_;
  std::set<IpAddress> peers;
  for (const HttpExchange* each : live_) {
    peers.insert(each->visit().peer_address());
    progress.bytes += each->sent_bytes();
  }
  progress.peers = peers.size();
  return progress;
}

net::Task<Result<>> SendSite::answer(HttpServer& server, HttpExchange& exchange) {
  const auto& request = exchange.request();
  const auto within = path_within(request.target.path);
  const bool is_reading = request.method == "GET" || request.method == "HEAD";
  Result<> outcome;
  if (!within) {
    answer_in_words(exchange, 404, "there is no such file");
  } else if (!is_reading) {
    answer_method(exchange, request.method == "OPTIONS" ? 204 : 405);
  } else if (within->empty()) {
    answer_moved(exchange, "");
  } else if (!tally_.take_in(exchange.visit().peer_address())) {
    answer_in_words(exchange, 503, "too many have come already");
  } else if (within->starts_with(http_own_prefix)) {
    answer_own(server, exchange, within->substr(http_own_prefix.size()));
  } else if (auto path = read_http_path(*within)) {
    auto answering = answer_path(server, exchange, std::move(*path));
    outcome = co_await std::move(answering);
  } else {
    answer_fault(exchange, path.error());
  }
  co_return outcome;
}

// What stands behind the secret; absent where that is not shown.
std::optional<std::string_view> SendSite::path_within(std::string_view path) const {
  if (!path.starts_with('/')) return std::nullopt;
  path.remove_prefix(1);
  const std::size_t end = std::min(path.find('/'), path.size());
  if (!same_secret(path.substr(0, end), secret_)) return std::nullopt;
  return path.substr(end);
}

net::Task<Result<>> SendSite::answer_path(HttpServer& server, HttpExchange& exchange, HttpPath path) {
  if (path.name.empty()) return give_items(server, exchange);
  const std::size_t slash = std::min(path.name.find('/'), path.name.size());
  const auto item = std::ranges::find(items_, path.name.substr(0, slash), &SendItem::name);
  const bool is_beneath = slash < path.name.size();
  const auto index = static_cast<std::size_t>(item - items_.begin());
  if (item == items_.end() || (item->kind != SendItem::Kind::folder && (is_beneath || path.is_folder))) {
    answer_in_words(exchange, 404, "there is no such file");
    return give_nothing();
  }
  if (item->kind == SendItem::Kind::stream) return give_input(exchange);
  std::string inner = path.name.substr(std::min(slash + 1, path.name.size()));
  if (path.is_folder) return give_folder(server, exchange, index, std::move(inner), std::move(path.name));
  if (item->kind == SendItem::Kind::folder && inner.empty()) {
    answer_moved(exchange, path.name);
    return give_nothing();
  }
  Asked asked;
  asked.item = index;
  asked.shown = path.name;
  if (item->kind == SendItem::Kind::file) {
    inner = item->inner;
    asked.file = 0;
  } else if (const auto at = std::ranges::lower_bound(item->files, inner);
             at != item->files.end() && *at == inner) {
    asked.file = static_cast<std::size_t>(at - item->files.begin());
  }
  auto file = item->root->open_file(inner);
  if (!file && file.error().code == Code::refused && item->root->open_folder(inner)) {
    answer_moved(exchange, path.name);
    return give_nothing();
  }
  if (!file) {
    answer_fault(exchange, file.error());
    return give_nothing();
  }
  return give_file(server, exchange, std::move(asked), HttpFileContent(std::move(*file)));
}

net::Task<Result<>> SendSite::give_items(HttpServer& server, HttpExchange& exchange) {
  ShownListing listing{.has_archives = false};  // they come from different places
  for (const SendItem& item : items_) {
    if (item.kind == SendItem::Kind::stream) continue;  // of no size
    store::FolderEntry entry;
    entry.name = item.name;
    entry.kind = item.kind == SendItem::Kind::folder ? store::EntryKind::folder : store::EntryKind::file;
    entry.size = item.bytes;
    entry.mtime = item.mtime;
    if (item.kind == SendItem::Kind::file) {
      const auto now = item.root->open_file(item.inner);
      if (!now) continue;
      entry.size = now->size;
      entry.mtime = now->mtime;
    }
    listing.entries.push_back(std::move(entry));
  }
  return answer_with_listing(server, exchange, std::move(listing));
}

net::Task<Result<>> SendSite::give_folder(HttpServer& server, HttpExchange& exchange, std::size_t index,
                                          std::string inner, std::string shown) {
  const SendItem& item = items_[index];
  const HttpQuery query(exchange.request().target.query);
  const auto archive = archive_format_of(query.value("format").value_or(""));
  // What makes the item whole: its archive, or, where it has no files, its listing.
  const bool is_all =
      inner.empty() && !exchange.is_head() && (archive ? query.values("name").empty() : item.files.empty());
  if (is_all || (archive && !exchange.is_head())) note_begin(exchange, index);
  const Live live(*this, exchange);
  ShownFolder folder(*item.root, std::move(inner), shown);
  folder.has_index = false;
  auto answering = answer_with_folder(server, exchange, std::move(folder));
  Result<> outcome = co_await std::move(answering);
  if (outcome && is_all && exchange.status() == 200) {
    auto flushing = exchange.flush();
    outcome = co_await std::move(flushing);
    bool arrived = outcome.has_value();
    if (arrived) {
      auto arriving = has_arrived(exchange.visit());
      arrived = co_await std::move(arriving);
    }
    if (!arrived && outcome) outcome = fail(Code::network, std::string(did_not_arrive));
    const std::uint64_t bytes = archive ? exchange.sent_bytes() : item.bytes;
    if (arrived)
      note_gain(exchange, index, shown, tally_.add_whole(exchange.visit().peer_address(), index), bytes);
  }
  if (!outcome) note_cut(exchange, shown, outcome.error());
  co_return outcome;
}

net::Task<Result<>> SendSite::give_file(HttpServer& server, HttpExchange& exchange, Asked asked,
                                        HttpFileContent file) {
  const IpAddress peer = exchange.visit().peer_address();
  if (!exchange.is_head()) note_begin(exchange, asked.item);
  const SendTally::Version version = version_of_sent(file.status);
  std::vector<ByteRange> gone;
  file.gone = &gone;
  const Live live(*this, exchange);
  auto answering = answer_with_file(server, exchange, std::move(file), media_type_of(asked.shown));
  Result<> outcome = co_await std::move(answering);
  const bool is_empty = version.size == 0 && exchange.status() == 200 && !exchange.is_head();
  if (is_empty) gone.push_back({0, 0});  // goes out with the head
  if (outcome && !gone.empty()) {
    auto flushing = exchange.flush();
    outcome = co_await std::move(flushing);
  }
  if (outcome && !gone.empty() && asked.file && tally_.may_end_with(peer, asked.item, *asked.file)) {
    auto arriving = has_arrived(exchange.visit());
    const bool arrived = co_await std::move(arriving);
    if (!arrived) outcome = fail(Code::network, std::string(did_not_arrive));
  }
  if (!outcome) forget_the_end(gone, version.size);
  for (const ByteRange& range : gone) {
    if (!asked.file) break;
    const auto gain = tally_.add(peer, asked.item, *asked.file, version, range.first, range.bytes);
    note_gain(exchange, asked.item, asked.shown, gain, version.size);
  }
  if (!outcome) note_cut(exchange, asked.shown, outcome.error());
  co_return outcome;
}

net::Task<Result<>> SendSite::give_input(HttpExchange& exchange) {
  Result<> outcome;
  if (input_->begin(exchange)) {
    const std::string& name = items_[0].name;
    note_begin(exchange, 0);
    const Live live(*this, exchange);
    auto copying = input_->copy(exchange);
    outcome = co_await std::move(copying);
    if (outcome) {
      const auto gain = tally_.add_whole(exchange.visit().peer_address(), 0);
      note_gain(exchange, 0, name, gain, exchange.sent_bytes());
    } else {
      note_cut(exchange, name, outcome.error());
      lose(outcome.error());
    }
  }
  co_return outcome;
}

void SendSite::answer_moved(HttpExchange& exchange, std::string_view name) const {
  const std::string slash = name.empty() ? "" : "/";
  const std::string location = write_http_path(secret_ + slash + std::string(name), true);
  const std::array fields{Field{"Location", location}, Field{"Content-Type", "text/plain; charset=utf-8"}};
  Answer answer;
  answer.status = 301;
  answer.fields = fields;
  exchange.answer(answer, "it is a folder\n");
}

void SendSite::note_begin(const HttpExchange& exchange, std::size_t item) {
  const IpAddress& peer = exchange.visit().peer_address();
  if (!began_.try_emplace({peer, item}, loop_.now()).second) return;
  SendEvent event;
  event.peer = peer;
  event.name = items_[item].name;
  tell_(event);
}

void SendSite::note_gain(const HttpExchange& exchange, std::size_t item, const std::string& shown,
                         const SendTally::Gain& gain, std::uint64_t bytes) {
  SendEvent event;
  event.peer = exchange.visit().peer_address();
  event.bytes = bytes;
  event.name = shown;
  event.took = loop_.now() - began_[{event.peer, item}];
  event.kind = SendEvent::Kind::file;
  if (gain.file && items_[item].kind == SendItem::Kind::folder) tell_(event);
  event.kind = SendEvent::Kind::item;
  event.name = items_[item].name;
  if (gain.file) event.bytes = items_[item].kind == SendItem::Kind::folder ? items_[item].bytes : bytes;
  if (gain.item) tell_(event);
  if (!gain.everything) return;
  event.kind = SendEvent::Kind::everything;
  event.receivers = tally_.receivers();
  tell_(event);
  news_.set();
}

void SendSite::note_cut(const HttpExchange& exchange, const std::string& shown, const Error& error) {
  SendEvent event;
  event.kind = SendEvent::Kind::cut;
  event.peer = exchange.visit().peer_address();
  event.name = shown;
  event.bytes = exchange.sent_bytes();
  event.error = error;
  tell_(event);
}

void SendSite::lose(const Error& error) {
  lost_ = Error{error.code, "what stdin gave went out in part, and cannot again: " + error.what, ""};
  news_.set();
}

}  // namespace yam::service
