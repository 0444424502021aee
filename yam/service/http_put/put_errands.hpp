#pragma once
// Runs all uploads of a command line: asks what the server takes, makes the folders, and then sends side by
// side, small files many requests ahead on each connection. What goes wrong with one leaves the others alone,
// unless it would go wrong with all.
//
// One loop. Cancelled, what goes by tus is remembered.

#include <deque>
#include <functional>
#include <optional>

#include "yam/service/http_put/put_upload.hpp"

namespace yam::service {

// A file that is read whole, and sent together with others.
inline constexpr std::uint64_t small_bytes_max = 64 * 1024;

// An upload with what became of it.
struct PutRunning {
  PutErrand errand;
  PutReport report = {};
  std::optional<Result<void>> outcome = {};
  bool was_sent = false;  // and nobody knows whether it arrived
};

// What the uploads of a run share.
struct PutCommon {
  HttpClient& client;
  HttpWish& wish;
  const PutRules& rules;
  HttpUrl into = {};
  PutOffer offer = {};
  std::deque<PutRunning*> small = {};  // not begun
  std::deque<PutRunning*> alone = {};  // to be sent one by one: larger ones, and what went wrong in company
  bool pipelines = true;               // as far as is known, the server takes requests ahead
  bool is_over = false;                // no other is to be begun
  std::function<void(const PutRunning&)> ended = {};

  void end(PutRunning& running, Result<void> outcome) {
    running.outcome = std::move(outcome);
    is_over = is_over || running.report.is_hopeless;
    ended(running);
  }
};

class PutErrands {
 public:
  static constexpr std::size_t at_once_default = 4;
  static constexpr std::size_t at_once_max = 64;

  using Observer = std::function<void(const PutRunning&)>;

  // The references outlive it. The observer hears of each that is over, well or not.
  PutErrands(HttpClient& client, HttpWish& wish, const PutRules& rules, PutPlan plan, std::size_t at_once,
             Observer observer);

  // All of them. What went wrong first in their order, not in time, is the result. The observer has not heard
  // of a fault that comes before any upload: `is_told` says so. Once, and within the life of this.
  net::Task<Result<void>> run(bool& is_told);

  // As it is now, for who watches.
  struct Progress {
    std::size_t ended = 0;
    std::size_t all = 0;
    std::uint64_t bytes = 0;
    std::optional<std::uint64_t> size_bytes;  // where that of each is known
  };
  Progress progress() const;

 private:
  net::Task<Result<std::unique_ptr<HttpConnection>>> ask_patiently(HttpRequest request);
  net::Task<Result<void>> prepare();
  net::Task<> work(bool prefers_small);

  PutCommon common_;
  std::size_t at_once_;
  std::vector<HttpUrl> folders_;
  std::deque<PutRunning> all_;
};

}  // namespace yam::service
