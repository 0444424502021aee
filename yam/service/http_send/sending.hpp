#pragma once
// Files and folders offered by an HTTP server that exists for them alone: a key of its own, a path that
// nobody can guess, and an end. What happens is told; nothing is printed.
//
// One loop.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "yam/service/http_send/send_site.hpp"
#include "yam/service/server/server_loop.hpp"
#include "yam/service/server/server_shared.hpp"

namespace yam::service {

struct SendPlan {
  std::vector<SendItem> items;
  std::optional<IpAddress> bind;  // absent: every address
  std::uint16_t port = 0;         // 0: any free one
  bool tls = true;
};

class Sending {
 public:
  // Begins to listen. `loop` and `observer` outlive it. Code::local when it cannot.
  static Result<std::unique_ptr<Sending>> open(net::Loop& loop, SendPlan plan, ServerObserver& observer,
                                               SendTeller tell);

  // Where receivers find it, the likeliest first: "https://192.0.2.1:4711/SECRET/", or the item's own when it
  // is one: without the pin.
  const std::vector<std::string>& urls() const { return urls_; }
  const std::string& pin() const { return pin_; }  // "sha256//…"; empty without TLS
  const std::vector<SendItem>& items() const { return site_.items(); }
  std::uint64_t receivers() const { return site_.receivers(); }
  SendSite::Progress progress() const { return site_.progress(); }

  // Until so many have everything. Code::timeout when the deadline comes first, the fault when nobody can any
  // more.
  net::Task<Result<>> wait(std::uint64_t receivers, Time deadline);

  // Takes in nobody any more, gives what is on its way stop_limit to end, and says how many were cut off.
  net::Task<std::size_t> leave();

 private:
  Sending(net::Loop& loop, ServerObserver& observer, std::vector<SendItem> items, std::string secret,
          std::unique_ptr<net::Stream> input, SendTeller tell);
  Result<> listen(const SendPlan& plan, const std::string& secret);

  net::Loop& loop_;
  ServerShared shared_;
  SendSite site_;
  std::string pin_;
  std::vector<std::string> urls_;
  ServerLoop server_;  // last: its visits ask the site
};

}  // namespace yam::service
