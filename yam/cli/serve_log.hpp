#pragma once
// What `yam serve` tells while it runs: a line for each event on stderr, or one JSON object each on stdout
// (docs/config.md). Names and faults from peers are made safe to show. Any thread.

#include <string>
#include <vector>

#include "yam/service/server/server.hpp"

namespace yam::cli {

class ServeLog final : public service::ServerObserver {
 public:
  // `quiet` leaves only what went wrong. `ladders` draws packets, when it is not null, and outlives this.
  ServeLog(bool json, bool quiet, LadderSink* ladders) : json_(json), quiet_(quiet), ladders_(ladders) {}

  void handle_event(const service::ServerEvent& event) override;
  LadderSink* ladders() override { return ladders_; }
  // Who listens where: a line each, and a table with something to try.
  void announce(const std::vector<service::Listening>& listening);

 private:
  bool json_;
  bool quiet_;
  LadderSink* ladders_;
};

// One line, without its end: "inbox: received "a.txt" from 127.0.0.1:4000, 12 KiB in 3ms".
std::string words_of(const service::ServerEvent& event);
// The same as a JSON line, with its end.
std::string json_of(const service::ServerEvent& event);

// The table of announce(): a service, its addresses, what to type.
std::string listening_table(const std::vector<service::Listening>& listening);

}  // namespace yam::cli
