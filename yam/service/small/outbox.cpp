#include "yam/service/small/outbox.hpp"

#include <limits>

#include "yam/service/small/outbox_name.hpp"
#include "yam/service/small/transfer.hpp"
#include "yam/store/folder.hpp"
#include "yam/store/folder_name.hpp"

namespace yam::service {

namespace {

// Empty when nobody asked for anything.
net::Task<std::string> receive_name(Visit& visit) {
  OutboxName name;
  while (!name.is_whole()) {
    const bool is_a_file = name.has_begun() && visit.folder().open_file(name.text());
    const Time deadline =
        name.has_begun() ? after(visit.loop().now(), name.pause(is_a_file)) : visit.hosting().idle_deadline();
    const bool came = co_await visit.stream().readable(deadline);
    if (!came) {
      name.handle_pause();
      continue;
    }
    const ByteSpan space = visit.loop().scratch().first(store::name_bytes_max + 1);
    const net::Attempt got = visit.stream().try_read(space);
    if (!got) continue;
    if (!*got) co_return std::string();
    if (**got == 0) name.handle_fin();
    name.handle_piece(space.first(**got));
  }
  co_return name.text();
}

net::Task<> send(Visit& visit, std::string peer, std::string name) {
  Transfer download(visit, std::move(peer), name);
  auto file = visit.folder().open_file(name);
  if (!file) co_return download.refuse(file.error());
  const auto ticket = visit.hosting().admission.admit_file();
  if (!ticket) co_return download.break_off(ticket.error());
  const auto source = net::FdStream::over_pair(visit.loop(), std::move(file->fd), net::Fd());
  if (!source) co_return download.break_off(source.error());
  constexpr std::uint64_t bytes_max = std::numeric_limits<std::uint64_t>::max();
  auto relaying = relay_file(visit, **source, visit.stream(), bytes_max);
  const net::Relayed relayed = co_await std::move(relaying);
  download.has(relayed.bytes);
  if (relayed.end != net::Relayed::End::source_ended) co_return download.break_off(relayed.error);
  download.succeed();
}

}  // namespace

net::Task<> send_file(std::unique_ptr<Visit> visit) {
  std::string peer = visit->peer();  // a reset would take the address with it
  auto receiving = receive_name(*visit);
  std::string name = co_await std::move(receiving);
  if (name.empty()) co_return;
  auto sending = send(*visit, std::move(peer), std::move(name));
  co_await std::move(sending);
  if (!visit->stream().write_fd()) co_return;  // broken off
  auto leave = take_leave(*visit);
  co_await std::move(leave);
}

}  // namespace yam::service
