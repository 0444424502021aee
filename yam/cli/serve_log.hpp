#pragma once
// What `yam serve` tells while it runs: a line for each event on stderr, or one JSON object each on stdout
// (docs/config.md). Names and faults from peers are made safe to show. Nobody waits for who reads it: both go
// through a LineWriter, and so must all else that is said while the server runs. Any thread.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "yam/service/line_writer.hpp"
#include "yam/service/server/server.hpp"

namespace yam::cli {

class ServeLog final : public service::ServerObserver {
 public:
  struct Options {
    bool json = false;
    bool quiet = false;             // only what went wrong
    LadderSink* ladders = nullptr;  // draws packets, when it is not null, and outlives the log
  };
  // What stderr gets, of which several have a part.
  static Result<std::unique_ptr<service::LineWriter>> open_voice();

  // `voice` outlives the log. Code::local when stdout cannot have a writer of its own.
  static Result<std::unique_ptr<ServeLog>> open(service::LineWriter& voice, const Options& options);
  // Finishes.
  ~ServeLog();
  ServeLog(const ServeLog&) = delete;
  ServeLog& operator=(const ServeLog&) = delete;

  void handle_event(const service::ServerEvent& event) override;
  void handle_request(const service::HttpRecord& record) override;
  LadderSink* ladders() override { return options_.ladders; }
  // Who listens where: a line each, and a table with something to try.
  void announce(const std::vector<service::Listening>& listening);
  // As their namesakes in voice.hpp, in turn with the events.
  void say(std::string_view text);
  int explain(const Error& error);
  // Gives the objects on stdout their time to go out; Code::local when some could not be written. Once; no
  // event comes any more.
  Result<> finish();

 private:
  ServeLog(service::LineWriter& voice, const Options& options) : options_(options), voice_(voice) {}

  Options options_;
  service::LineWriter& voice_;
  std::unique_ptr<service::LineWriter> objects_;  // with --json
};

// One line, without its end: "inbox: received "a.txt" from 127.0.0.1:4000, 12 KiB in 3ms".
std::string words_of(const service::ServerEvent& event);
// The same as a JSON line, with its end.
std::string json_of(const service::ServerEvent& event);

// The table of announce(): a service, its addresses, what to type.
std::string listening_table(const std::vector<service::Listening>& listening);

}  // namespace yam::cli
