// Of http_download.hpp: the content of an answer, on its way to the file.

#include <algorithm>
#include <utility>

#include "yam/base/text.hpp"
#include "yam/service/http_client/http_facts.hpp"
#include "yam/service/http_get/http_download.hpp"
#include "yam/service/http_get/metalink_errand.hpp"

namespace yam::service {

namespace http = proto::http;
using net::Relayed;
using net::Task;

namespace {

// How often the ledger is written: what a kill -9 costs at most, of a file that comes in several ranges.
constexpr Duration ledger_pause = std::chrono::milliseconds(250);
// A smaller file costs less than a ledger for it.
constexpr std::uint64_t ledger_bytes_min = 256 * 1024;

}  // namespace

// Keeps the books while bytes move: what is there, and on disk now and then.
class HttpDownload::Meter final : public net::RelayObserver {
 public:
  Meter(HttpDownload& download, std::uint64_t offset) : download_(download), at_(offset) {}

  void moved(std::size_t bytes) override {
    download_.ledger().there.add({at_, at_ + bytes});
    at_ += bytes;
    download_.report_.bytes += bytes;
    const Time now = download_.client_.loop().now();
    if (!download_.part_ || now < due_) return;
    due_ = now + ledger_pause;
    // What goes wrong here does so when the file itself is written, and is told then.
    static_cast<void>(download_.part_->save());
    download_.sync_->handle_moved();
  }
  std::uint64_t at() const { return at_; }

 private:
  HttpDownload& download_;
  std::uint64_t at_;
  Time due_{};
};

Task<HttpDownload::Outcome> HttpDownload::take_whole(std::unique_ptr<HttpConnection> connection) {
  const HttpHead& head = connection->head();
  if (head.status() != 200 && head.status() != 203) co_return std::unexpected(refused_by(*connection));
  if (follows_metalink_ && (is_metalink(head) || is_metalink(url_))) {
    auto taking = take_metalink(*connection);
    auto taken = co_await std::move(taking);
    if (taken) client_.keep(std::move(connection));
    co_return taken;
  }
  if (auto opened = open_named(head); !opened) co_return std::unexpected(Fault(opened.error()));
  auto decoder = decoder_for(head);
  if (!decoder) co_return std::unexpected(Fault(decoder.error()));
  if (part_ && !ledger().there.empty())
    if (auto restarted = part_->restart(); !restarted) co_return std::unexpected(Fault(restarted.error()));
  note_whole(*connection);
  Outcome taken;
  if (*decoder != nullptr) {
    report_.coding = coding_of(head);
    auto taking = take_coded(*connection, std::move(*decoder));
    taken = co_await std::move(taking);
  } else {
    std::optional<std::uint64_t> end;
    if (connection->framing().body == http::Body::length) end = connection->framing().length_bytes;
    report_.size_bytes = end;
    ledger().url = url_.to_string();
    ledger().tag = strong_tag(head);
    ledger().size_bytes = end.value_or(0);
    if (!end || head.fields().lists("Accept-Ranges", "none")) ledger().tag.clear();
    Result<void> ready;
    if (part_ && end.value_or(0) >= ledger_bytes_min) ready = part_->write_in_order(true);
    if (!ready) co_return std::unexpected(Fault(ready.error()));
    auto taking = take_plain(*connection, 0, end);
    taken = co_await std::move(taking);
  }
  if (taken) client_.keep(std::move(connection));
  co_return taken;
}

// What any head of it tells.
void HttpDownload::note_whole(const HttpConnection& connection) {
  ledger().modified = modified_of(connection.head());
  if (ledger().size_bytes > 0) report_.size_bytes = ledger().size_bytes;
}

Task<HttpDownload::Outcome> HttpDownload::take_plain(HttpConnection& connection, std::uint64_t offset,
                                                     std::optional<std::uint64_t> end) {
  std::unique_ptr<net::FdStream> file;
  if (part_) {
    auto writer = part_->writer(client_.loop(), offset);
    if (!writer) co_return std::unexpected(Fault(writer.error()));
    file = std::move(*writer);
  }
  net::Stream& into = file ? static_cast<net::Stream&>(*file) : *out_;
  Meter meter(*this, offset);
  for (;;) {
    // One byte more than was promised is asked for, so that it is noticed.
    std::uint64_t most = end ? *end - meter.at() : UINT64_MAX;
    if (end && most == 0) {
      auto receiving = connection.receive(1);
      const auto more = co_await std::move(receiving);
      Fault fault{more ? Error{Code::protocol, "the server sends more than it said", ""} : more.error()};
      if (!more || !more->empty()) co_return std::unexpected(std::move(fault));
      co_return Outcome();
    }
    if (rules_.pace != nullptr) most = std::min(most, rules_.pace->slice_bytes());
    auto receiving = connection.receive_into(into, most, &meter);
    const Relayed relayed = co_await std::move(receiving);
    if (relayed.end == Relayed::End::writing_failed) {
      co_return std::unexpected(write_fault(relayed.error));
    }
    if (relayed.end == Relayed::End::reading_failed) {
      Fault fault{relayed.error, is_passing(relayed.error.code)};
      co_return std::unexpected(std::move(fault));
    }
    if (rules_.pace != nullptr)
      co_await client_.loop().sleep_until(rules_.pace->spend(relayed.bytes, client_.loop().now()));
    if (relayed.end == Relayed::End::source_ended) break;
  }
  if (end && meter.at() < *end) {
    Fault fault{{Code::network, url_.to_string() + ": the server sent less than it said", ""}, true};
    co_return std::unexpected(std::move(fault));
  }
  co_return Outcome();
}

Task<HttpDownload::Outcome> HttpDownload::take_metalink(HttpConnection& connection) {
  std::string text;
  for (;;) {
    auto receiving = connection.receive();
    const auto piece = co_await std::move(receiving);
    if (!piece) {
      Fault fault{piece.error(), is_passing(piece.error().code)};
      co_return std::unexpected(std::move(fault));
    }
    if (piece->empty()) break;
    text += text_of(*piece);
    if (text.size() > proto::metalink::document_bytes_max) {
      Fault fault{{Code::refused, url_.to_string() + ": too long for a Metalink", ""}};
      co_return std::unexpected(std::move(fault));
    }
  }
  metalink_ = std::move(text);
  co_return Outcome();
}

Task<HttpDownload::Outcome> HttpDownload::take_coded(HttpConnection& connection,
                                                     std::unique_ptr<ContentDecoder> decoder) {
  std::unique_ptr<net::FdStream> file;
  if (part_) {
    auto writer = part_->writer(client_.loop(), 0);
    if (!writer) co_return std::unexpected(Fault(writer.error()));
    file = std::move(*writer);
  }
  net::Stream& into = file ? static_cast<net::Stream&>(*file) : *out_;
  for (;;) {
    const std::uint64_t most = rules_.pace != nullptr ? rules_.pace->slice_bytes() : UINT64_MAX;
    auto receiving = connection.receive(static_cast<std::size_t>(most));
    const auto piece = co_await std::move(receiving);
    if (!piece) {
      Fault fault{piece.error(), is_passing(piece.error().code)};
      co_return std::unexpected(std::move(fault));
    }
    if (piece->empty()) break;
    report_.bytes += piece->size();
    ByteView coded = *piece;
    for (;;) {
      const auto plain = decoder->decode(coded);
      if (!plain) co_return std::unexpected(Fault(plain.error()));
      if (plain->empty()) break;
      if (!part_) streamed_.there.add({0, 1});  // it cannot be taken back
      const auto written = co_await into.write(*plain);
      if (!written) co_return std::unexpected(write_fault(written.error()));
    }
    if (rules_.pace != nullptr)
      co_await client_.loop().sleep_until(rules_.pace->spend(piece->size(), client_.loop().now()));
  }
  if (auto whole = decoder->finish(); !whole) {
    Fault fault{whole.error(), true};
    co_return std::unexpected(std::move(fault));
  }
  co_return Outcome();
}

// Null for what is kept as it comes.
Result<std::unique_ptr<ContentDecoder>> HttpDownload::decoder_for(const HttpHead& head) {
  const std::string coding = coding_of(head);
  if (coding.empty() || is_compressed_by_name(url_.path, coding)) return std::unique_ptr<ContentDecoder>();
  auto decoder = ContentDecoder::open(coding);
  if (decoder && *decoder == nullptr)
    say("the server sends it coded as " + quoted(coding) + ", and so it is kept");
  return decoder;
}

HttpDownload::Fault HttpDownload::refused_by(const HttpConnection& connection) const {
  const HttpHead& head = connection.head();
  Fault fault{http_refusal(report_.url, head), is_passing(unsigned{head.status()})};
  fault.wait = retry_after_of(head);
  return fault;
}

HttpDownload::Fault HttpDownload::write_fault(Error error) const {
  error.code = Code::local;
  error.what = escaped(report_.file) + ": " + error.what;
  return Fault{std::move(error)};
}

}  // namespace yam::service
