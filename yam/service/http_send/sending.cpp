#include "yam/service/http_send/sending.hpp"

#include <utility>

#include "yam/net/socket/own_addresses.hpp"
#include "yam/net/stdio.hpp"
#include "yam/service/secret.hpp"

namespace yam::service {

namespace {

constexpr std::chrono::seconds key_lifetime = std::chrono::hours(24 * 365);

std::vector<IpAddress> addresses_of(const SendPlan& plan) {
  if (plan.bind && !plan.bind->is_unspecified()) return {*plan.bind};
  auto addresses = net::own_addresses();
  const bool only_v4 = plan.bind && plan.bind->is_v4();
  if (only_v4) std::erase_if(addresses, [](const IpAddress& each) { return each.is_v6(); });
  if (addresses.empty()) addresses.push_back(IpAddress::loopback(Family::v4));
  return addresses;
}

// Beneath the secret: of one item the item itself, of several their listing.
std::string first_path(const std::vector<SendItem>& items) {
  if (items.size() > 1) return "/";
  return write_http_path(items.front().name, items.front().kind == SendItem::Kind::folder);
}

}  // namespace

Result<std::unique_ptr<Sending>> Sending::open(net::Loop& loop, SendPlan plan, ServerObserver& observer,
                                               SendTeller tell) {
  auto secret = fresh_secret();
  if (!secret) return fail(secret.error());
  std::unique_ptr<net::Stream> input;
  if (plan.items.front().kind == SendItem::Kind::stream) {
    net::StdioOptions options;
    options.out = -1;
    auto opened = net::open_stdio(loop, options);
    if (!opened) return fail(opened.error());
    input = std::move(*opened);
  }
  std::unique_ptr<Sending> sending(
      new Sending(loop, observer, std::move(plan.items), *secret, std::move(input), std::move(tell)));
  if (auto listening = sending->listen(plan, *secret); !listening) return fail(listening.error());
  return sending;
}

Sending::Sending(net::Loop& loop, ServerObserver& observer, std::vector<SendItem> items, std::string secret,
                 std::unique_ptr<net::Stream> input, SendTeller tell)
    : loop_(loop),
      shared_(ServeLimits(), TftpRules()),
      site_(loop, std::move(items), std::move(secret), std::move(input), std::move(tell)),
      server_(loop, shared_, observer, ServeLimits()) {}

Result<> Sending::listen(const SendPlan& plan, const std::string& secret) {
  const std::vector<IpAddress> addresses = addresses_of(plan);
  Offer offer;
  offer.service.kind = plan.tls ? ServiceKind::https : ServiceKind::http;
  offer.site = &site_;
  if (plan.tls) {
    std::vector<std::string> names;
    for (const IpAddress& address : addresses)
      names.push_back(address.to_string());
    auto identity = net::Identity::generate(names, key_lifetime);
    if (!identity) return fail(identity.error());
    auto pin = net::pin_of(identity->certificate_pem);
    if (!pin) return fail(pin.error());
    offer.identity = std::move(*identity);
    pin_ = std::move(*pin);
  }
  const IpPort wanted{plan.bind.value_or(net::every_address()), plan.port};
  const std::string scheme(offer.service.facts().scheme);
  const auto place = server_.open(std::make_shared<const Offer>(std::move(offer)), wanted, false);
  if (!place) return fail(place.error());
  for (const IpAddress& address : addresses)
    urls_.push_back(scheme + "://" + IpPort{address, place->port}.to_string() + "/" + secret +
                    first_path(site_.items()));
  return {};
}

net::Task<Result<>> Sending::wait(std::uint64_t receivers, Time deadline) {
  bool in_time = true;
  while (site_.receivers() < receivers && !site_.lost() && in_time) {
    site_.news().reset();
    in_time = co_await site_.news().wait(deadline);
  }
  if (site_.receivers() >= receivers) co_return Result<>();
  if (site_.lost()) co_return fail(*site_.lost());
  co_return fail(Code::timeout, "the time is over");
}

net::Task<std::size_t> Sending::leave() {
  auto leaving = server_.leave(after(loop_.now(), stop_limit));
  co_return co_await std::move(leaving);
}

}  // namespace yam::service
