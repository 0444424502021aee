#pragma once
// One download by HTTP: into a file that appears whole or not at all, or to what is written as it comes. What
// is cut goes on where it was, in this run or in a later one, as long as the server shows by a strong entity
// tag that it is still the same (RFC 9110 §13.1.5); what is not the same is begun anew.
//
// One loop. Cancelled, it keeps what can be gone on with.

#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "yam/service/http_client/content_decoder.hpp"
#include "yam/service/http_client/http_fetch.hpp"
#include "yam/service/http_client/pace.hpp"
#include "yam/service/http_client/retry.hpp"
#include "yam/service/http_get/part_file.hpp"
#include "yam/service/http_get/part_sync.hpp"

namespace yam::service {

inline constexpr const char* get_standard = "-";  // as a file: stdout

// The same for all downloads of a run.
struct HttpGetRules {
  PartFile::Existing existing = PartFile::Existing::kept;
  bool goes_on = false;  // with what an earlier run left
  unsigned retries = retries_default;
  bool retries_calls = false;    // also those to a server that never answered
  bool keeps_time = true;        // Last-Modified becomes the file's time
  bool asks_coded = false;       // for content codings; what comes coded is decoded in any case
  bool named_by_server = false;  // Content-Disposition names the file, where it has a name
  bool follows_metalinks = true;
  std::size_t ranges = 1;  // of one file at once
  Pace* pace = nullptr;    // null: no limit
  // What a person should know meanwhile; may be empty.
  std::function<void(const std::string& words)> notice;
};

// How it goes, and in the end how it went.
struct HttpGetReport {
  HttpUrl url;            // where it came from in the end
  std::string peer;       // "127.0.0.1:80"
  std::string file;       // the name that it got, or was to get
  unsigned status = 0;    // of the last answer; 0: none
  unsigned requests = 0;  // redirects are not counted
  unsigned retries = 0;
  std::uint64_t began_at = 0;  // what an earlier run left
  std::uint64_t bytes = 0;     // received now, as they came
  std::optional<std::uint64_t> size_bytes;
  std::string coding;  // that was undone; empty: none
  Duration span{};
};

class HttpDownload {
 public:
  static constexpr std::size_t ranges_max = 64;
  static constexpr std::uint64_t piece_bytes_min = 4 * 1024 * 1024;
  static constexpr std::uint64_t piece_bytes_max = 64 * 1024 * 1024;

  // `file`: a path, a folder with '/' behind it when rules.named_by_server, or "-". The references outlive
  // it.
  HttpDownload(HttpClient& client, HttpWish& wish, const HttpGetRules& rules, HttpUrl url, std::string file,
               HttpGetReport& report);
  ~HttpDownload();
  HttpDownload(const HttpDownload&) = delete;
  HttpDownload& operator=(const HttpDownload&) = delete;

  // Before run(): an answer that is a Metalink is not written to the file, but kept here.
  void follow_metalink() { follows_metalink_ = true; }
  const std::optional<std::string>& metalink() const { return metalink_; }

  // Once. Code::refused when the server says no, Code::network and Code::timeout when it fell silent too
  // often, Code::protocol and Code::identity, Code::local for this machine's files.
  net::Task<Result<void>> run();

 private:
  struct Fault {
    Error error;
    bool again = false;  // it may well pass
    bool anew = false;   // what is there is not a part of what the server has now
    std::optional<Duration> wait = {};
  };
  using Outcome = std::expected<void, Fault>;
  using Answered = std::expected<std::unique_ptr<HttpConnection>, Fault>;
  class Meter;
  struct Pieces;

  Result<void> open(const std::string& path);
  Result<void> open_named(const HttpHead& head);
  Ledger& ledger() { return part_ ? part_->ledger() : streamed_; }
  bool can_go_on() { return !ledger().tag.empty() && !ledger().there.empty(); }
  std::size_t ranges() const { return gives_ranges_ ? rules_.ranges : 1; }
  HttpRequest request_for(std::optional<Span> span);

  net::Task<Outcome> attempt();
  net::Task<Outcome> attempt_first_piece();
  net::Task<Outcome> attempt_gaps();
  net::Task<> work(Pieces& pieces);
  net::Task<Answered> ask(std::optional<Span> span);
  net::Task<Outcome> take_whole(std::unique_ptr<HttpConnection> connection);
  net::Task<Outcome> take_range(std::unique_ptr<HttpConnection> connection, Span& span);
  net::Task<Outcome> take_plain(HttpConnection& connection, std::uint64_t offset,
                                std::optional<std::uint64_t> end);
  net::Task<Outcome> take_metalink(HttpConnection& connection);
  net::Task<Outcome> take_coded(HttpConnection& connection, std::unique_ptr<ContentDecoder> decoder);
  Result<std::unique_ptr<ContentDecoder>> decoder_for(const HttpHead& head);
  void note_whole(const HttpConnection& connection);
  Result<void> start_anew(const std::string& why);
  Fault refused_by(const HttpConnection& connection) const;
  Fault write_fault(Error error) const;
  Error last_words(Error error);
  Result<void> commit();
  void say(const std::string& words) const;

  HttpClient& client_;
  HttpWish& wish_;
  const HttpGetRules& rules_;
  HttpUrl url_;
  std::string file_;
  HttpGetReport& report_;
  std::unique_ptr<PartFile> part_;    // absent for what is no file
  std::optional<PartSync> sync_;      // of the part
  std::unique_ptr<net::Stream> out_;  // for that
  Ledger streamed_;                   // and what went there
  bool follows_metalink_ = false;
  std::optional<std::string> metalink_;
  bool answered_ = false;     // ever
  bool gives_ranges_ = true;  // such that several fit together
  bool is_done_ = false;
};

}  // namespace yam::service
