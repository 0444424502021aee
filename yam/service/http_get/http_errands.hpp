#pragma once
// Runs a client's downloads side by side, so many at once, begun in their order; the small files of a folder
// go first, and asked for ahead; what a Metalink names joins at the end. What goes wrong with one leaves the
// others alone.
//
// One loop. Cancelled, each keeps what can be gone on with.

#include <deque>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "yam/service/http_get/http_download.hpp"
#include "yam/service/http_get/http_errand.hpp"
#include "yam/service/http_get/metalink_errand.hpp"

namespace yam::service {

class HttpErrands {
 public:
  static constexpr std::size_t at_once_default = 4;
  static constexpr std::size_t at_once_max = 64;

  // A download that is over, well or not.
  struct Ended {
    const HttpErrand& errand;
    const HttpGetReport& report;
    const Result<void>& outcome;
  };
  using Observer = std::function<void(const Ended&)>;

  // The references outlive it. `at_once` downloads, one when they share stdout.
  HttpErrands(HttpClient& client, HttpWish& wish, const HttpGetRules& rules, std::vector<HttpErrand> errands,
              std::size_t at_once, Observer observer);

  // All of them. What went wrong first in their order, not in time, is the result; the observer has heard of
  // each. Once, and within the life of this.
  net::Task<Result<void>> run();

  // As it is now, for who watches.
  struct Progress {
    std::size_t ended = 0;
    std::size_t all = 0;
    std::uint64_t bytes = 0;
    std::optional<std::uint64_t> size_bytes;  // once that of each is known
  };
  Progress progress() const;

 private:
  struct Running {
    HttpErrand errand;
    HttpGetReport report = {};
    std::optional<Result<void>> outcome = {};
    std::optional<MetalinkErrand> described = {};  // by a Metalink
    bool is_document = false;                      // is one, whose files are errands of their own
  };

  net::Task<> work();
  net::Task<> work_ahead();
  net::Task<Result<void>> get(Running& running);
  net::Task<Result<void>> get_described(Running& running);
  Result<void> take_metalink(const Running& running, std::string_view text);

  HttpClient& client_;
  HttpWish& wish_;
  const HttpGetRules& rules_;
  std::size_t at_once_;
  Observer observer_;
  std::deque<Running> errands_;
  std::size_t next_ = 0;
};

}  // namespace yam::service
