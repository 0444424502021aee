#pragma once
// Hosts any number of services in one process, on one loop a core: each loop has listeners of its own at the
// same addresses, and a connection stays on the loop that took it in. What happens is told to an observer;
// nothing is printed.
//
// For one thread, which runs `home`; the loops of the server have threads of their own.

#include <memory>
#include <string>
#include <vector>

#include "yam/base/address/ip.hpp"
#include "yam/net/loop/event.hpp"
#include "yam/net/loop/loop_threads.hpp"
#include "yam/service/server/server_event.hpp"
#include "yam/service/server/server_shared.hpp"
#include "yam/service/small/service.hpp"

namespace yam::service {

class ServerLoop;

struct ServerPlan {
  std::vector<Service> services;
  ServeLimits limits;
  TftpRules tftp;
};

// A service, and one place where it listens.
struct Listening {
  Service service;
  IpPort place;

  std::string url() const;  // "echo://127.0.0.1:7007"
};

class Server {
 public:
  // Port 0 is tried with so many numbers, when TCP's is not free on UDP or at a second address.
  static constexpr int free_port_tries_max = 8;

  // Starts `loops` threads and opens every service of the plan on each; when one cannot be opened none is.
  // The faults are those of opening: Code::local, Code::not_found for hosts and folders, Code::usage for two
  // services at one place. `home` and `observer` outlive the server.
  static net::Task<Result<std::unique_ptr<Server>>> start(net::Loop& home, ServerPlan plan, std::size_t loops,
                                                          ServerObserver& observer);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // In the order of the plan.
  const std::vector<Listening>& listening() const { return listening_; }
  std::uint64_t connections() const { return shared_.admission.connections(); }
  TftpCounts tftp_counts() const { return shared_.tftp.counters().now(); }

  // Another plan from now on, and certificates as they are now: services that are no longer in it take in
  // nobody, new ones are opened, those in both go on undisturbed, and the limits hold for who comes. When a
  // new one cannot be opened the fault is the result, and everything else has happened.
  net::Task<Result<>> change(ServerPlan plan);

  // Takes in nobody any more, gives what is in flight stop_limit to end (and files that have come whole then
  // commit_limit to get their names), and says how many conversations were cut off then. Once.
  net::Task<std::size_t> leave();

 private:
  struct Worker;
  struct Farewell;

  Server(net::Loop& home, const ServerPlan& plan, ServerObserver& observer);
  Result<> start_loops(std::size_t loops);
  net::Task<> run_loop(net::Loop& loop, net::Event& stop, std::size_t index);
  template <class F>
  auto on_loop(std::size_t index, F work);

  net::Task<Result<>> open(Service service);
  Result<> open_everywhere(const Service& service, const std::vector<IpAddress>& addresses);
  Result<> open_at(const Service& service, const IpPort& place);
  void close(const Service& service);
  Result<> make_folder(const Service& service);

  net::Loop& home_;
  ServerObserver& observer_;
  ServerShared shared_;
  ServeLimits limits_;
  std::vector<Service> services_;
  std::vector<Listening> listening_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::shared_ptr<Farewell> farewell_;         // shared with the letters of loops that have ended
  std::unique_ptr<net::LoopThreads> threads_;  // last: stopped before what they use
};

}  // namespace yam::service
