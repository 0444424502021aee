#include "yam/service/http_site/http_digests.hpp"

#include <array>
#include <atomic>
#include <utility>

#include "yam/net/loop/elsewhere.hpp"
#include "yam/proto/http/field/digest.hpp"
#include "yam/proto/metalink/metalink_writer.hpp"
#include "yam/service/http_server/http_path.hpp"
#include "yam/service/http_server/http_server.hpp"
#include "yam/service/http_site/http_site.hpp"
#include "yam/store/folder_name.hpp"
#include "yam/store/state.hpp"

namespace yam::service {

namespace {

using proto::http::Answer;
using proto::http::Field;

constexpr std::string_view metalink_suffix = ".meta4";

// Set when the server leaves; the thread looks at it. A client that leaves does not end it: he, or the
// next one, asks again, and finds it done.
class HashCancel {
 public:
  explicit HashCancel(std::size_t& count) : count_(count) { ++count_; }
  ~HashCancel() {
    *flag = true;
    --count_;
  }
  HashCancel(const HashCancel&) = delete;
  HashCancel& operator=(const HashCancel&) = delete;

  const std::shared_ptr<std::atomic<bool>> flag =
      std::make_shared<std::atomic<bool>>(false);  // with the thread

 private:
  std::size_t& count_;
};

// Where this client finds the file: at the name that it called us by.
std::string url_of(const HttpServer& server, const HttpExchange& exchange, const std::string& name) {
  const auto& host = exchange.request().host;
  std::string url = server.is_secure() ? "https://" : "http://";
  url += host.name;
  if (host.port) url += ":" + std::to_string(*host.port);
  return url + write_http_path(name, false);
}

}  // namespace

store::FileVersion version_of(const store::FileStatus& file) {
  return {file.device, file.inode, file.size, file.mtime.time_since_epoch().count()};
}

std::string HttpDigests::repr_digest(const store::FileStatus& file, bool is_wanted) {
  if (known_.empty() && !is_wanted) return {};
  const auto version = version_of(file);
  if (const auto found = known_.find(version); found != known_.end()) return found->second;
  if (!is_wanted || ledger() == nullptr) return {};
  const auto hashes = ledger()->find(version);
  if (!hashes) return {};
  learn(file, hashes->sha256);
  return proto::http::write_digest(proto::http::sha256_name, hashes->sha256);
}

void HttpDigests::learn(const store::FileStatus& file, ByteView sha256) {
  if (std::chrono::system_clock::now() - file.mtime < std::chrono::nanoseconds(store::settling_ns)) return;
  if (known_.size() >= known_max) known_.clear();
  known_[version_of(file)] = proto::http::write_digest(proto::http::sha256_name, sha256);
}

net::Task<Result<store::FileHashes>> HttpDigests::hash(net::Loop& loop, store::OpenedFile file) {
  const auto version = version_of(file);
  if (ledger() != nullptr) {
    auto found = ledger()->find(version);
    if (found) learn(file, found->sha256);
    if (found) co_return std::move(*found);
  }
  if (hashings_ == hashings_max) co_return fail(Code::timeout, "too many files are being hashed");
  const HashCancel cancel(hashings_);
  auto shared_file = std::make_shared<store::OpenedFile>(std::move(file));  // with the thread
  std::move_only_function<Result<store::FileHashes>()> work = [shared_file, version, flag = cancel.flag] {
    return store::hash_file(shared_file->fd.get(), version, *flag);
  };
  auto hashing = net::do_elsewhere<store::FileHashes>(loop, std::move(work));
  auto hashes = co_await std::move(hashing);
  if (!hashes) co_return hashes;
  learn(*shared_file, hashes->sha256);
  if (ledger() != nullptr) ledger()->keep(version, *hashes);
  co_return hashes;
}

std::optional<Error> HttpDigests::take_fault() {
  if (!fault_ && ledger_) return ledger_->take_fault();
  return std::exchange(fault_, std::nullopt);
}

// Opened when it is needed first.
store::Ledger* HttpDigests::ledger() {
  if (std::exchange(ledger_opened_, true)) return ledger_.get();
  const auto folder = store::state_folder();
  if (folder) {
    ledger_ = std::make_unique<store::Ledger>(*folder + "/" + ledger_name);
  } else {
    fault_ = folder.error();
  }
  return ledger_.get();
}

std::string_view described_file(std::string_view name) {
  if (!name.ends_with(metalink_suffix)) return {};
  return name.substr(0, name.size() - metalink_suffix.size());
}

net::Task<Result<>> answer_with_metalink(HttpServer& server, HttpExchange& exchange, std::string name,
                                         store::OpenedFile file) {
  const std::uint64_t size = file.size;
  auto hashing = server.digests().hash(server.hosting().loop, std::move(file));
  auto hashes = co_await std::move(hashing);
  if (auto fault = server.digests().take_fault()) {
    ServerEvent event = exchange.visit().event(ServerEvent::Kind::fault);
    event.error = std::move(*fault);
    server.hosting().observer.handle_event(event);
  }
  if (!hashes) {
    answer_fault(exchange, hashes.error());
    co_return Result<>();
  }
  proto::metalink::OfferedFile offered;
  offered.name = store::split(name).base;
  offered.size = size;
  offered.urls.push_back(url_of(server, exchange, name));
  offered.sha256 = std::move(hashes->sha256);
  offered.piece_bytes = hashes->piece_bytes;
  offered.pieces = std::move(hashes->pieces);
  const std::array fields{Field{"Content-Type", proto::metalink::media_type},
                          Field{"Cache-Control", "no-cache"}, Field{"X-Content-Type-Options", "nosniff"}};
  Answer answer;
  answer.fields = fields;
  exchange.answer(answer, proto::metalink::write_metalink(offered, "yam"));
  co_return Result<>();
}

}  // namespace yam::service
