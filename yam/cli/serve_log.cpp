#include "yam/cli/serve_log.hpp"

#include <unistd.h>

#include <fmt/core.h>

#include "yam/base/quantity.hpp"
#include "yam/base/text.hpp"
#include "yam/cli/voice.hpp"
#include "yam/tui/access_log.hpp"
#include "yam/tui/json.hpp"
#include "yam/tui/table.hpp"

namespace yam::cli {

using service::LineWriter;
using service::Listening;
using service::ServerEvent;
using service::ServiceKind;
using Kind = ServerEvent::Kind;

namespace {

bool is_good_news(Kind kind) {
  return kind == Kind::received || kind == Kind::sent || kind == Kind::probed || kind == Kind::made;
}

const char* name_of(Kind kind) {
  switch (kind) {
    case Kind::refused:
      return "refused";
    case Kind::not_answered:
      return "not-answered";
    case Kind::received:
      return "received";
    case Kind::broken_off:
      return "broken-off";
    case Kind::sent:
      return "sent";
    case Kind::not_sent:
      return "not-sent";
    case Kind::not_received:
      return "not-received";
    case Kind::probed:
      return "probed";
    case Kind::made:
      return "made";
    case Kind::fault:
      break;
  }
  return "fault";
}

// Milliseconds say enough.
std::string spent(Duration took) {
  return print_duration(std::chrono::ceil<std::chrono::milliseconds>(took));
}

// Something to type that shows what the service does.
std::string trial(ServiceKind kind, const IpPort& place) {
  IpPort here = place;
  if (here.address.is_unspecified()) here.address = IpAddress::loopback(Family::v4);
  const std::string at = here.to_string();
  switch (kind) {
    case ServiceKind::echo:
    case ServiceKind::daytime:
    case ServiceKind::greet:
      return "yam connect " + at;
    case ServiceKind::fahrenheit:
      return "printf 37 | yam connect udp://" + at;
    case ServiceKind::discard:
    case ServiceKind::inbox:
      return "yam connect " + at + " < FILE";
    case ServiceKind::tftp:
      return "yam get tftp://" + at + "/NAME";
    case ServiceKind::http:
    case ServiceKind::https:
      return "yam get " + std::string(service::facts_of(kind).scheme) + "://" + at + "/NAME";
    case ServiceKind::outbox:
      return "printf NAME | yam connect " + at + " > NAME";
  }
  return "";
}

// `sent "x" to 192.0.2.1:1024, 3.0 MiB in 2 s, asked blksize=1428, granted blksize=1428; whole`
std::string words_of_tftp(const ServerEvent& event) {
  std::string name = quoted(event.name);
  if (!event.file.empty()) name += " (as " + quoted(event.file) + ")";
  std::string words;
  if (event.kind == Kind::sent) {
    words = "sent " + name + " to ";
  } else if (event.kind == Kind::received) {
    words = "received " + name + " from ";
  } else {
    words = (event.kind == Kind::not_received ? "did not receive " : "did not send ") + name +
            (event.kind == Kind::not_received ? " from " : " to ");
  }
  words += fmt::format("{}, {} in {}", event.peer, print_bytes(event.bytes), spent(event.took));
  if (event.round_trip)
    words +=
        ", round trip " + print_duration(std::chrono::ceil<std::chrono::microseconds>(*event.round_trip));
  if (!event.asked.empty())
    words += ", asked " + event.asked + ", granted " + (event.granted.empty() ? "nothing" : event.granted);
  if (event.retransmissions > 0) words += fmt::format(", {} sent again", event.retransmissions);
  return words + "; " + escaped(event.verdict);
}

}  // namespace

Result<std::unique_ptr<LineWriter>> ServeLog::open_voice() {
  return LineWriter::open(STDERR_FILENO, [](std::uint64_t count) {
    return spoken(fmt::format("{} log lines were left out: nobody read them", count));
  });
}

Result<std::unique_ptr<ServeLog>> ServeLog::open(LineWriter& voice, const Options& options) {
  std::unique_ptr<ServeLog> log(new ServeLog(voice, options));
  if (!options.json) return log;
  auto objects = LineWriter::open(STDOUT_FILENO, [](std::uint64_t count) {
    return tui::JsonLine().field("event", "left-out").field("count", count).take();
  });
  if (!objects) return fail(objects.error());
  log->objects_ = std::move(*objects);
  return log;
}

ServeLog::~ServeLog() {
  static_cast<void>(finish());
}

void ServeLog::handle_event(const ServerEvent& event) {
  if (objects_) {
    objects_->put(json_of(event));
  } else if (!options_.quiet || !is_good_news(event.kind)) {
    say(words_of(event));
  }
}

void ServeLog::handle_request(const service::HttpRecord& record) {
  if (objects_) {
    objects_->put(tui::json_of(record));
    return;
  }
  if (!options_.quiet) voice_.put(tui::combined_line(record));
  if (!record.fault.empty())
    say(fmt::format("{}: the answer to {} broke off: {}", record.service, record.peer.to_string(),
                    escaped(record.fault)));
}

void ServeLog::announce(const std::vector<Listening>& listening) {
  if (!options_.quiet) voice_.put(listening_table(listening));
  for (const Listening& each : listening) {
    if (!options_.quiet) say("listening on " + each.url());
    if (!objects_) continue;
    tui::JsonLine line;
    line.field("event", "listening").field("service", each.service.facts().scheme);
    objects_->put(line.field("address", each.place.to_string()).take());
  }
}

void ServeLog::say(std::string_view text) {
  voice_.put(spoken(text));
}

int ServeLog::explain(const Error& error) {
  voice_.put(spoken(error.what) + (error.hint.empty() ? "" : "hint: " + error.hint + "\n"));
  return exit_status(error.code);
}

Result<> ServeLog::finish() {
  if (!objects_) return {};
  const std::unique_ptr<LineWriter> objects = std::move(objects_);
  if (!objects->finish()) say("the end of the log was left out: nobody reads it");
  if (objects->error() != 0) return fail_os("cannot write stdout", objects->error());
  return {};
}

std::string words_of(const ServerEvent& event) {
  const std::string name = quoted(event.name);
  const std::string peer = event.peer.empty() ? std::string() : " from " + event.peer;
  const std::string why = escaped(event.error.what);
  const std::string start = event.service + ": ";
  if (!event.verdict.empty()) return start + words_of_tftp(event);
  switch (event.kind) {
    case Kind::not_received:
    case Kind::probed:
      break;
    case Kind::refused:
      return start + fmt::format("refused {} {}{}{}: {}", event.count,
                                 event.service == "tftp" ? "request" : "connection",
                                 event.count == 1 ? "" : "s", event.count == 1 ? peer : ", the last" + peer,
                                 why);
    case Kind::not_answered:
      return start + fmt::format("did not answer {} datagram{}{}: {}", event.count,
                                 event.count == 1 ? "" : "s", event.count == 1 ? peer : ", the last" + peer,
                                 why);
    case Kind::received:
      return start +
             fmt::format("received {}{}, {} in {}", name, peer, print_bytes(event.bytes), spent(event.took));
    case Kind::broken_off:
      return start + fmt::format("an upload{} broke off after {}: {}; {}", peer, print_bytes(event.bytes),
                                 why, event.name.empty() ? "nothing is kept" : name + " is what there is");
    case Kind::sent:
      return start + fmt::format("sent {} to {}, {} in {}", name, event.peer, print_bytes(event.bytes),
                                 spent(event.took));
    case Kind::not_sent:
      return start + fmt::format("did not send {} to {}: {}", name, event.peer, why);
    case Kind::made:
      return start + "made the folder " + name;
    case Kind::fault:
      break;
  }
  return start + why;
}

std::string json_of(const ServerEvent& event) {
  tui::JsonLine line;
  line.field("event", name_of(event.kind)).field("service", event.service);
  if (!event.peer.empty()) line.field("peer", event.peer);
  if (!event.name.empty()) line.bytes("name", bytes_of(event.name));
  if (!event.file.empty()) line.bytes("file", bytes_of(event.file));
  if (event.count > 0) line.field("count", event.count);
  if (event.count == 0 && event.kind != Kind::made && event.kind != Kind::fault)
    line.field("bytes", event.bytes).field("seconds", std::chrono::duration<double>(event.took).count());
  if (!event.verdict.empty()) {
    line.field("asked", event.asked).field("granted", event.granted);
    line.field("retransmissions", event.retransmissions).field("verdict", event.verdict);
    if (event.round_trip)
      line.field("round_trip_seconds", std::chrono::duration<double>(*event.round_trip).count());
  }
  if (!event.error.what.empty()) line.field("why", event.error.what);
  return line.take();
}

std::string listening_table(const std::vector<Listening>& listening) {
  tui::Table table({"service", "what it does", "listens on", "try"});
  for (std::size_t i = 0; i < listening.size();) {
    const Listening& first = listening[i];
    std::string where = first.place.to_string();
    for (++i; i < listening.size() && listening[i].service == first.service; ++i)
      where += ", " + listening[i].place.to_string();
    const auto& facts = first.service.facts();
    where += !facts.has_udp ? " (tcp)" : facts.has_tcp ? " (tcp, udp)" : " (udp)";
    std::string does(facts.does);
    if (facts.has_folder) does += ", " + escaped(first.service.folder);
    const std::string& own = first.service.tftp.client_folder;
    if (!own.empty()) does += (does.ends_with('/') ? "" : "/") + escaped(own);
    table.add_row({std::string(facts.scheme), does, where, trial(first.service.kind, first.place)});
  }
  return table.text();
}

}  // namespace yam::cli
