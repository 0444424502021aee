#pragma once
// What receivers find at the random path: a listing of the items, the files, folders as trees and as
// archives, and what stdin gives, once. It is read only, and whoever does not know the path finds nothing.
//
// For the loop's own thread.

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "yam/net/loop/event.hpp"
#include "yam/service/http_send/send_event.hpp"
#include "yam/service/http_send/send_input.hpp"
#include "yam/service/http_send/send_items.hpp"
#include "yam/service/http_send/send_tally.hpp"
#include "yam/service/http_server/http_path.hpp"
#include "yam/service/http_site/http_file.hpp"
#include "yam/service/http_site/http_site.hpp"

namespace yam::service {

class SendSite final : public HttpSite {
 public:
  // `secret` is the first part of every path. `input` is stdin where that is sent, else null.
  SendSite(net::Loop& loop, std::vector<SendItem> items, std::string secret,
           std::unique_ptr<net::Stream> input, SendTeller tell);

  net::Task<Result<>> answer(HttpServer& server, HttpExchange& exchange) override;

  const std::vector<SendItem>& items() const { return items_; }
  // Whole copies of everything that have arrived.
  std::uint64_t receivers() const { return tally_.receivers(); }
  // Set after each of them, and once nobody can have everything any more.
  net::Event& news() { return news_; }
  // Why not: stdin was cut, or cannot be read.
  const std::optional<Error>& lost() const { return lost_; }

  struct Progress {
    std::size_t peers = 0;  // that receive something right now
    std::uint64_t bytes = 0;
  };
  Progress progress() const;

 private:
  class Live;
  // A file of an item, where it counts: one that was not there at first does not.
  struct Asked {
    std::size_t item = 0;
    std::optional<std::size_t> file;
    std::string shown;  // "photos/a.jpg"
  };

  std::optional<std::string_view> path_within(std::string_view path) const;
  net::Task<Result<>> answer_path(HttpServer& server, HttpExchange& exchange, HttpPath path);
  net::Task<Result<>> give_items(HttpServer& server, HttpExchange& exchange);
  net::Task<Result<>> give_folder(HttpServer& server, HttpExchange& exchange, std::size_t index,
                                  std::string inner, std::string shown);
  net::Task<Result<>> give_file(HttpServer& server, HttpExchange& exchange, Asked asked,
                                HttpFileContent file);
  net::Task<Result<>> give_input(HttpExchange& exchange);
  void answer_moved(HttpExchange& exchange, std::string_view name) const;

  void note_begin(const HttpExchange& exchange, std::size_t item);
  void note_gain(const HttpExchange& exchange, std::size_t item, const std::string& shown,
                 const SendTally::Gain& gain, std::uint64_t bytes);
  void note_cut(const HttpExchange& exchange, const std::string& shown, const Error& error);
  void lose(const Error& error);

  net::Loop& loop_;
  std::vector<SendItem> items_;
  std::string secret_;
  std::optional<SendInput> input_;
  SendTeller tell_;
  SendTally tally_;
  std::map<std::pair<IpAddress, std::size_t>, Time> began_;  // by peer and item
  std::set<const HttpExchange*> live_;
  std::uint64_t gone_bytes_ = 0;  // with answers that have ended
  std::optional<Error> lost_;
  net::Event news_;
};

}  // namespace yam::service
