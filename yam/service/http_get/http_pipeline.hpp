#pragma once
// Many small files of one server: each connection asks for a window of them ahead (RFC 9112 §9.3.2) and takes
// the answers in turn. It does what is common, and leaves the rest: redirects, faults that may pass, coded or
// large content and names that are taken are for HttpDownload. A cut repeats what had not come, and nothing
// else; the window then begins with what the server answered in one go.
//
// One loop. Cancelled, no half file is left behind.

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "yam/service/http_get/http_download.hpp"
#include "yam/service/http_get/http_errand.hpp"
#include "yam/service/http_get/small_file.hpp"

namespace yam::service {

class HttpPipeline {
 public:
  static constexpr std::size_t connections_max = 4;
  static constexpr std::size_t window_max = 64;
  static constexpr std::uint64_t file_bytes_max = 256 * 1024;

  // One file, and how it went; without an outcome it is left to others. All outlive the pipeline.
  struct Item {
    const HttpErrand& errand;
    HttpGetReport& report;
    std::optional<Result<void>>& outcome;
  };
  using Observer = std::function<void(const Item&)>;

  // Whether downloads by these rules may go so, and whether this one may.
  static bool may_carry(const HttpWish& wish, const HttpGetRules& rules);
  static bool may_carry(const HttpErrand& errand);

  // All of `items` from one origin. `ended` hears of each that has an outcome.
  HttpPipeline(HttpClient& client, HttpWish& wish, const HttpGetRules& rules, std::vector<Item> items,
               Observer ended);

  // Once, and within the life of this.
  net::Task<> run(std::size_t connections);

 private:
  // What became of an answer: the item that it was for, and the connection.
  struct Taken {
    bool is_settled = false;  // it has its outcome, or is left to others; else it is asked for again
    bool goes_on = false;
  };

  net::Task<> work();
  net::Task<> travel(HttpConnection& connection, std::size_t& window);
  bool ask_ahead(HttpConnection& connection, std::deque<Item*>& asked, std::size_t window);
  net::Task<Taken> take_answer(HttpConnection& connection, Item& item);
  net::Task<Taken> take_content(HttpConnection& connection, Item& item, std::uint64_t bytes);
  net::Task<Taken> leave(HttpConnection& connection);
  void settle(Item& item, Result<void> outcome);

  HttpClient& client_;
  HttpWish& wish_;
  const HttpGetRules& rules_;
  std::vector<Item> items_;
  Observer ended_;
  std::deque<Item*> left_;
  HttpRequest request_;  // of each, but for the path
  SmallFolder folder_;
};

}  // namespace yam::service
