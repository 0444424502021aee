#include "yam/service/small/outbox.hpp"

#include "yam/net/relay.hpp"
#include "yam/store/folder.hpp"
#include "yam/store/folder_name.hpp"

namespace yam::service {

namespace {

using Kind = ServerEvent::Kind;

// Typed through nc, a name ends in a line end that is not part of it.
std::string_view without_line_end(std::string_view name) {
  if (name.ends_with('\n')) name.remove_suffix(1);
  if (name.ends_with('\r')) name.remove_suffix(1);
  return name;
}

// A file on its way, until it is told how it ended; see Upload in inbox.cpp.
class Download {
 public:
  Download(Visit& visit, std::string peer, std::string_view name)
      : visit_(visit), event_(visit.event(Kind::sent)), began_(visit.loop().now()) {
    event_.peer = std::move(peer);
    event_.name = name;
  }
  ~Download() {
    if (!is_over_) break_off({Code::interrupted, "the server stopped", ""});
  }
  Download(const Download&) = delete;
  Download& operator=(const Download&) = delete;

  void has(std::uint64_t bytes) { event_.bytes = bytes; }
  void sent() { tell(Kind::sent); }
  // Nothing went out; the end of the connection says so.
  void refuse(const Error& error) {
    event_.error = error;
    tell(Kind::not_sent);
  }
  // The peer must not take what it has for the whole file.
  void break_off(const Error& error) {
    visit_.stream().abort();
    refuse(error);
  }

 private:
  void tell(Kind kind) {
    event_.kind = kind;
    event_.took = Clock::now() - began_;
    is_over_ = true;
    visit_.hosting().observer.handle_event(event_);
  }

  Visit& visit_;
  ServerEvent event_;
  Time began_;
  bool is_over_ = false;
};

net::Task<> send(Visit& visit, std::string peer, std::string name, Result<store::OpenedFile> file) {
  Download download(visit, std::move(peer), name);
  if (!file) co_return download.refuse(file.error());
  const auto ticket = visit.hosting().admission.admit_file();
  if (!ticket) co_return download.break_off(ticket.error());
  const auto source = net::FdStream::over_pair(visit.loop(), std::move(file->fd), net::Fd());
  if (!source) co_return download.break_off(source.error());
  net::RelayOptions options;
  options.idle = visit.hosting().limits.idle;
  auto relaying = net::relay(visit.loop(), **source, visit.stream(), options);
  const net::Relayed relayed = co_await std::move(relaying);
  download.has(relayed.bytes);
  if (relayed.end != net::Relayed::End::source_ended) co_return download.break_off(relayed.error);
  download.sent();
}

}  // namespace

net::Task<> send_file(std::unique_ptr<Visit> visit) {
  const std::string peer = visit->peer();  // a reset would take the address with it
  std::string received;
  for (bool is_whole = false; !is_whole;) {
    const Time deadline =
        received.empty() ? visit->hosting().idle_deadline() : after(visit->loop().now(), name_pause);
    is_whole = !co_await visit->stream().readable(deadline);
    if (!is_whole) {
      const ByteSpan space = visit->loop().scratch().first(store::name_bytes_max + 1);
      const net::Attempt got = visit->stream().try_read(space);
      if (!got) continue;
      if (!*got) co_return;
      received += text_of(space.first(**got));
      is_whole = **got == 0 || received.size() > store::name_bytes_max;
    }
    const std::string name(without_line_end(received));
    if (name.empty()) {
      if (is_whole) co_return;
      continue;
    }
    auto file = visit->folder().open_file(name);
    is_whole = is_whole || file.has_value();
    if (!is_whole) continue;
    auto sending = send(*visit, peer, name, std::move(file));
    co_await std::move(sending);
  }
  if (!visit->stream().write_fd()) co_return;  // broken off
  auto leave = take_leave(*visit);
  co_await std::move(leave);
}

}  // namespace yam::service
