#include "yam/cli/send_voice.hpp"

#include <algorithm>
#include <cstdio>
#include <unistd.h>

#include <fmt/core.h>

#include "yam/base/qr_code.hpp"
#include "yam/base/quantity.hpp"
#include "yam/base/text.hpp"
#include "yam/cli/serve_log.hpp"
#include "yam/cli/voice.hpp"
#include "yam/tui/json.hpp"
#include "yam/tui/terminal.hpp"

namespace yam::cli {

using service::SendEvent;
using service::Sending;
using service::SendItem;

namespace {

constexpr std::string_view light_on_dark = "\x1b[97;40m", plain = "\x1b[0m\n";

void put_object(tui::JsonLine& line) {
  std::fputs(line.take().c_str(), stdout);
  std::fflush(stdout);
}

std::string shell_quoted(std::string_view text) {
  std::string safe = "'";
  for (const char c : text)
    safe += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return safe + "'";
}

// With the pin, which no request carries.
std::string whole_url(const Sending& sending, const std::string& url) {
  return sending.pin().empty() ? url : url + "#pin=" + sending.pin();
}

std::string yam_line(const Sending& sending, const std::string& url) {
  const auto& items = sending.items();
  std::string line = "yam get ";
  if (items.size() > 1 || items.front().kind == SendItem::Kind::folder) line += "-r ";
  line += shell_quoted(whole_url(sending, url));
  return items.size() > 1 ? line + " -o ." : line;
}

std::string curl_line(const Sending& sending, const std::string& url) {
  const auto& items = sending.items();
  const SendItem& first = items.front();
  std::string line = "curl ";
  if (!sending.pin().empty()) line += "-k --pinnedpubkey " + shell_quoted(sending.pin()) + " ";
  if (items.size() > 1) return line + shell_quoted(url) + "   (says what there is)";
  const bool is_folder = first.kind == SendItem::Kind::folder;
  const std::string name = first.name + (is_folder ? ".tar" : "");
  line += escaped(name) == name ? "-o " + shell_quoted(name) + " " : "-O ";
  return line + shell_quoted(url + (is_folder ? "?format=tar" : ""));
}

std::string described(const std::vector<SendItem>& items) {
  if (items.front().kind == SendItem::Kind::stream) return "what stdin gives, once";
  std::uint64_t bytes = 0, files = 0;
  for (const SendItem& item : items) {
    bytes += item.bytes;
    files += item.kind == SendItem::Kind::folder ? item.files.size() : 1;
  }
  const std::string what =
      items.size() == 1 ? quoted(items.front().name) : fmt::format("{} items", items.size());
  return fmt::format("{}, {}{}", what, print_bytes(bytes),
                     files == 1 ? "" : fmt::format(" in {} files", files));
}

// Nothing where it would not fit: half a code is of no use.
std::string qr_for_terminal(const std::string& url) {
  const auto size = tui::terminal_size(STDERR_FILENO);
  const auto code = QrCode::make(url);
  if (!size || !code || size->columns < code->width() + 2 * qr_quiet_modules) return "";
  std::string blocks = qr_blocks(*code);
  if (!tui::may_be_coloured(STDERR_FILENO)) return blocks + "\n";
  std::string coloured;
  for (std::size_t begin = 0; begin < blocks.size();) {
    const std::size_t end = blocks.find('\n', begin);
    coloured.append(light_on_dark).append(blocks, begin, end - begin).append(plain);
    begin = end + 1;
  }
  return coloured + "\n";
}

std::string took(Duration span) {
  return print_duration(std::chrono::ceil<std::chrono::milliseconds>(span));
}

const char* name_of_event(SendEvent::Kind kind) {
  switch (kind) {
    case SendEvent::Kind::began:
      return "began";
    case SendEvent::Kind::file:
      return "file";
    case SendEvent::Kind::item:
      return "item";
    case SendEvent::Kind::cut:
      return "cut";
    case SendEvent::Kind::everything:
      break;
  }
  return "everything";
}

std::string json_of_send(const SendEvent& event) {
  tui::JsonLine line;
  line.field("event", name_of_event(event.kind)).field("peer", event.peer.to_string());
  if (event.kind == SendEvent::Kind::everything) return line.field("receivers", event.receivers).take();
  line.bytes("name", bytes_of(event.name));
  if (event.kind == SendEvent::Kind::began) return line.take();
  line.field("bytes", event.bytes);
  if (event.kind == SendEvent::Kind::cut) return line.field("why", event.error.what).take();
  return line.field("seconds", std::chrono::duration<double>(event.took).count()).take();
}

std::string receivers_have(std::uint64_t count) {
  if (count == 0) return "nobody has everything";
  return count == 1 ? "one receiver has everything" : fmt::format("{} receivers have everything", count);
}

}  // namespace

void SendVoice::handle_event(const service::ServerEvent& event) {
  say(words_of(event));
}

void SendVoice::handle(const SendEvent& event) {
  if (options_.json) {
    std::fputs(json_of_send(event).c_str(), stdout);
    std::fflush(stdout);
    return;
  }
  const std::string peer = event.peer.to_string(), name = quoted(event.name);
  switch (event.kind) {
    case SendEvent::Kind::began:
      return say(fmt::format("{} fetches {}", peer, name));
    case SendEvent::Kind::file:
      if (options_.verbose) say(fmt::format("{} has {}, {}", peer, name, print_bytes(event.bytes)));
      return;
    case SendEvent::Kind::item:
      return say(fmt::format("{} has {}, {} in {}", peer, name, print_bytes(event.bytes), took(event.took)));
    case SendEvent::Kind::cut:
      return say(fmt::format("{} was cut: {} after {}: {}", peer, name, print_bytes(event.bytes),
                             escaped(event.error.what)));
    case SendEvent::Kind::everything:
      const std::string of = wanted_ > 0 ? fmt::format(" of {}", wanted_) : "";
      return say(fmt::format("{} has everything: receiver {}{}", peer, event.receivers, of));
  }
}

void SendVoice::announce(const Sending& sending) {
  if (options_.json) {
    for (const std::string& url : sending.urls()) {
      tui::JsonLine line;
      line.field("event", "offering").field("url", whole_url(sending, url));
      put_object(line);
    }
    return;
  }
  say("sending " + described(sending.items()) + "; ^C ends it");
  std::string lines = "\n";
  for (const std::string& url : sending.urls())
    lines += "  " + yam_line(sending, url) + "\n";
  const std::string& first = sending.urls().front();
  lines += "  " + curl_line(sending, first) + "\n";
  lines += "  a browser: " + first;
  if (!sending.pin().empty()) lines += "   (it will warn: it cannot check the pin)";
  lines += "\n\n";
  if (options_.qr && tui::can_be_drawn_on(STDERR_FILENO)) lines += qr_for_terminal(first);
  std::fputs(lines.c_str(), stderr);
}

void SendVoice::tell_left_out(const std::vector<Error>& faults) {
  constexpr std::size_t told_max = 10;
  for (std::size_t i = 0; i < std::min(faults.size(), told_max); ++i)
    say("left out: " + faults[i].what);
  if (faults.size() > told_max) say(fmt::format("left out: {} others", faults.size() - told_max));
}

void SendVoice::tell_end(const Sending& sending, const Result<>& outcome, std::size_t cut_off, int status) {
  if (options_.json) {
    tui::JsonLine line;
    line.field("event", "ended").field("receivers", sending.receivers());
    line.field("bytes", sending.progress().bytes).field("cut_off", cut_off).field("status", status);
    put_object(line);
    return;
  }
  std::string words = outcome ? "" : outcome.error().what + "; ";
  words += receivers_have(sending.receivers());
  words += ", " + print_bytes(sending.progress().bytes) + " went out";
  if (cut_off > 0)
    words += fmt::format("; {} connection{} cut off", cut_off, cut_off == 1 ? " was" : "s were");
  say(words);
}

void SendVoice::say(const std::string& words) {
  if (progress_ != nullptr) progress_->erase();
  cli::say(words);
}

}  // namespace yam::cli
