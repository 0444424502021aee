#include "yam/service/server/server.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <future>
#include <sys/stat.h>

#include "yam/base/text.hpp"
#include "yam/net/socket/listener.hpp"
#include "yam/net/socket/resolver.hpp"
#include "yam/service/server/server_loop.hpp"

namespace yam::service {

using net::Task;

namespace {

constexpr Duration resolve_limit = std::chrono::seconds(10);

// Where to listen when no host is named: this machine, or every address, dual stack where there is IPv6.
std::vector<IpAddress> places_without_host(bool lan) {
  if (lan) return {net::every_address()};
  return {IpAddress::loopback(Family::v4), IpAddress::loopback(Family::v6)};
}

// Finds out whether the place is free, and which port 0 becomes. Our own listeners share their port, and
// would share it with another program's just as willingly.
Result<std::uint16_t> free_port_at(net::Loop& loop, const IpPort& place, const ServiceFacts& facts) {
  std::uint16_t port = place.port;
  std::unique_ptr<net::Listener> held;
  if (facts.has_tcp) {
    auto listener = net::Listener::open(loop, net::SocketAddress::of(place), net::ListenOptions());
    if (!listener) return fail(listener.error());
    held = std::move(*listener);
    port = held->address().ip()->port;
  }
  if (!facts.has_udp) return port;
  const auto socket = net::DatagramSocket::bind(loop, net::SocketAddress::of({place.address, port}));
  if (!socket) return fail(socket.error());
  return (*socket)->local_address().ip()->port;
}

}  // namespace

std::string Listening::url() const {
  return std::string(service.facts().scheme) + "://" + place.to_string();
}

// A loop's thread as the server sees it.
struct Server::Worker {
  std::promise<void> ready;
  net::Loop* loop = nullptr;
  ServerLoop* hosts = nullptr;
};

// How often a loop looks whether the others are through.
constexpr Duration drained_pause = std::chrono::milliseconds(5);

struct Server::Farewell {
  explicit Farewell(net::Loop& home) : all_left(home) {}
  net::Event all_left;
  std::size_t loops = 0;
  std::size_t left = 0;
  std::size_t cut_off = 0;
  std::atomic<std::size_t> drained = 0;  // loops without a visit
};

Server::Server(net::Loop& home, const ServerPlan& plan, ServerObserver& observer)
    : home_(home),
      observer_(observer),
      shared_(plan.limits, plan.tftp),
      limits_(plan.limits),
      farewell_(std::make_shared<Farewell>(home)) {}

Server::~Server() = default;

Task<Result<std::unique_ptr<Server>>> Server::start(net::Loop& home, ServerPlan plan, std::size_t loops,
                                                    ServerObserver& observer) {
  std::unique_ptr<Server> server(new Server(home, plan, observer));
  if (auto started = server->start_loops(loops); !started) co_return fail(started.error());
  for (const Service& service : plan.services) {
    auto opening = server->open(service);
    const auto opened = co_await std::move(opening);
    if (!opened) co_return fail(opened.error());
  }
  co_return server;
}

Task<Result<>> Server::change(ServerPlan plan) {
  limits_ = plan.limits;
  shared_.admission.set_limits(limits_);
  shared_.tftp.set_rules(std::move(plan.tftp));
  for (std::size_t i = 0; i < workers_.size(); ++i)
    workers_[i]->loop->post([hosts = workers_[i]->hosts, limits = limits_] {
      hosts->set_limits(limits);
      hosts->read_identities_again();
    });
  const auto has = [](const std::vector<Service>& services, const Service& service) {
    return std::ranges::find(services, service) != services.end();
  };
  for (const Service& service : std::vector<Service>(services_))
    if (!has(plan.services, service)) close(service);
  Result<> outcome;
  for (const Service& service : plan.services) {
    if (has(services_, service)) continue;
    auto opening = open(service);
    const auto opened = co_await std::move(opening);
    if (!opened && outcome) outcome = opened;
  }
  co_return outcome;
}

Task<std::size_t> Server::leave() {
  threads_->stop();
  co_await farewell_->all_left.wait();
  co_return farewell_->cut_off;
}

Result<> Server::start_loops(std::size_t loops) {
  std::vector<std::future<void>> ready;
  for (std::size_t i = 0; i < loops; ++i)
    ready.push_back(workers_.emplace_back(std::make_unique<Worker>())->ready.get_future());
  farewell_->loops = loops;
  auto threads = net::LoopThreads::start(loops, [this](net::Loop& loop, net::Event& stop, std::size_t index) {
    return run_loop(loop, stop, index);
  });
  if (!threads) return fail(threads.error());
  threads_ = std::move(*threads);
  for (auto& each : ready)
    each.wait();
  return {};
}

Task<> Server::run_loop(net::Loop& loop, net::Event& stop, std::size_t index) {
  Worker& worker = *workers_[index];
  ServerLoop hosts(loop, shared_, observer_, limits_);
  worker.loop = &loop;
  worker.hosts = &hosts;
  worker.ready.set_value();
  co_await stop.wait();
  auto leaving = hosts.leave(after(loop.now(), stop_limit));
  const std::size_t cut_off = co_await std::move(leaving);
  // The kernel deals peers out anew when a socket of several at one place closes.
  ++farewell_->drained;
  const Time until = after(loop.now(), stop_limit);
  while (hosts.shares_ports() && farewell_->drained < farewell_->loops && loop.now() < until)
    co_await loop.sleep_for(drained_pause);
  home_.post([farewell = farewell_, cut_off] {
    farewell->cut_off += cut_off;
    if (++farewell->left == farewell->loops) farewell->all_left.set();
  });
}

// Does `work(ServerLoop&)` on that loop's thread and waits for what it gives: a turn of the loop.
template <class F>
auto Server::on_loop(std::size_t index, F work) {
  Worker& worker = *workers_[index];
  std::promise<decltype(work(*worker.hosts))> answer;
  auto given = answer.get_future();
  worker.loop->post([&answer, &worker, &work] { answer.set_value(work(*worker.hosts)); });
  return given.get();
}

Task<Result<>> Server::open(Service service) {
  if (auto made = make_folder(service); !made) co_return made;
  std::vector<IpAddress> addresses = places_without_host(service.lan);
  if (!service.host.empty()) {
    const auto resolved = co_await net::resolve(home_, service.host, after(home_.now(), resolve_limit));
    if (!resolved) co_return fail(resolved.error());
    addresses = *resolved;
  }
  // What is not here is passed over, unless it is all there is: then opening it says so.
  const auto missing = [](const IpAddress& each) { return !net::is_here(each); };
  if (!std::ranges::all_of(addresses, missing)) std::erase_if(addresses, missing);

  Result<> opened;
  const int tries_max = service.port == 0 ? free_port_tries_max : 1;
  for (int tries = 0; tries < tries_max; ++tries) {
    opened = open_everywhere(service, addresses);
    if (opened) break;
  }
  if (opened) services_.push_back(service);
  co_return opened;
}

// All addresses get the same port.
Result<> Server::open_everywhere(const Service& service, const std::vector<IpAddress>& addresses) {
  const std::size_t before = listening_.size();
  IpPort place{{}, service.port};
  for (const IpAddress& address : addresses) {
    place.address = address;
    const auto port = free_port_at(home_, place, service.facts());
    Result<> opened = port ? Result<>() : fail(port.error());
    if (port) {
      place.port = *port;
      opened = open_at(service, place);
    }
    if (opened) {
      listening_.push_back({service, place});
      continue;
    }
    for (std::size_t i = before; i < listening_.size(); ++i)
      for (std::size_t worker = 0; worker < workers_.size(); ++worker)
        on_loop(worker, [&](ServerLoop& hosts) { return hosts.close(service, listening_[i].place), 0; });
    listening_.resize(before);
    return opened;
  }
  return {};
}

Result<> Server::open_at(const Service& service, const IpPort& place) {
  const bool reuse_port = workers_.size() > 1;
  for (std::size_t i = 0; i < workers_.size(); ++i) {
    auto opened = on_loop(i, [&](ServerLoop& hosts) { return hosts.open(service, place, reuse_port); });
    if (opened) continue;
    for (std::size_t earlier = 0; earlier < i; ++earlier)
      on_loop(earlier, [&](ServerLoop& hosts) { return hosts.close(service, place), 0; });
    return opened;
  }
  return {};
}

void Server::close(const Service& service) {
  for (const Listening& each : listening_) {
    if (each.service != service) continue;
    for (std::size_t i = 0; i < workers_.size(); ++i)
      on_loop(i, [&](ServerLoop& hosts) { return hosts.close(service, each.place), 0; });
  }
  std::erase_if(listening_, [&](const Listening& each) { return each.service == service; });
  std::erase(services_, service);
}

Result<> Server::make_folder(const Service& service) {
  if (!service.may_make || ::mkdir(service.folder.c_str(), 0777) != 0) {
    if (!service.may_make || errno == EEXIST) return {};
    return fail_os("cannot make the folder " + escaped(service.folder), errno);
  }
  ServerEvent event;
  event.kind = ServerEvent::Kind::made;
  event.service = service.facts().scheme;
  event.name = service.folder;
  observer_.handle_event(event);
  return {};
}

}  // namespace yam::service
