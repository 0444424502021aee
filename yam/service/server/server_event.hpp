#pragma once
// What a server tells while it runs: one event for each thing that an operator would want a line about.
// Texts come as they are: who shows them escapes them.

#include <cstdint>
#include <optional>
#include <string>

#include "yam/base/ladder.hpp"
#include "yam/base/result.hpp"
#include "yam/base/time.hpp"
#include "yam/service/http_server/http_record.hpp"

namespace yam::service {

struct ServerEvent {
  enum class Kind : std::uint8_t {
    refused,       // `count` connections (requests of tftp) were turned away, for what `error` says
    not_answered,  // `count` datagrams, for what `error` says
    received,      // inbox: `name` is there, whole
    broken_off,    // inbox: the peer vanished or a limit was met; `name` is what is left (empty: nothing)
    sent,          // outbox: all of `name` went out
    not_sent,      // outbox: none of it, or not all
    not_received,  // tftp: an upload that is not there
    probed,        // tftp: a client wanted the size alone
    made,          // the folder `name`, which was missing
    fault,         // something of ours failed; the server goes on
  };

  Kind kind = Kind::fault;
  std::string service;  // its scheme
  std::string peer;     // "127.0.0.1:40012"; of several, the last
  std::string name;
  std::uint64_t bytes = 0;
  Duration took = Duration::zero();
  std::uint64_t count = 0;
  // Of tftp: the file beneath the folder of the service, when it is called otherwise than it was asked for.
  std::string file;
  // The options, DATA or ACK sent again, and what became of it in words.
  std::string asked;
  std::string granted;
  std::uint64_t retransmissions = 0;
  std::optional<Duration> round_trip;
  std::string verdict;
  Error error;
};

// Any thread: the loops of a server tell side by side.
class ServerObserver {
 public:
  virtual void handle_event(const ServerEvent& event) = 0;
  // Of HTTP each request has a record of its own.
  virtual void handle_request(const HttpRecord& record) { static_cast<void>(record); }
  // Who draws the packets of transfers, and outlives the server; null: nobody.
  virtual LadderSink* ladders() { return nullptr; }

 protected:
  ~ServerObserver() = default;
};

}  // namespace yam::service
