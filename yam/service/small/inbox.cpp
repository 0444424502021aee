#include "yam/service/small/inbox.hpp"

#include <ctime>
#include <optional>

#include "yam/service/commit.hpp"
#include "yam/service/small/inbox_name.hpp"
#include "yam/service/small/transfer.hpp"
#include "yam/store/folder.hpp"

namespace yam::service {

namespace {

std::string name_for(const Visit& visit, const std::string& peer) {
  if (!visit.service().name.empty()) return visit.service().name;
  const std::time_t now = std::time(nullptr);
  std::tm local{};
  ::localtime_r(&now, &local);
  return inbox_name(local, IpPort::parse(peer).value_or(IpPort()));
}

// What went wrong with the bytes, if anything did.
std::optional<Error> fault_of(const net::Relayed& relayed, std::uint64_t bytes_max) {
  if (relayed.bytes > bytes_max)
    return Error{Code::refused, "longer than max-bytes (" + std::to_string(bytes_max) + ")", ""};
  if (relayed.end == net::Relayed::End::source_ended) return std::nullopt;
  if (relayed.end == net::Relayed::End::reading_failed && relayed.error.code != Code::timeout)
    return Error{relayed.error.code, "the peer vanished: " + relayed.error.what, ""};
  return relayed.error;
}

net::Task<> receive(Visit& visit, std::string peer) {
  Transfer upload(visit, peer, "");
  auto ticket = visit.hosting().admission.admit_file();
  if (!ticket) co_return upload.break_off(ticket.error());
  store::NewFileOptions options;
  options.if_exists = store::IfExists::number;
  auto file = visit.folder().create_file(name_for(visit, peer), options);
  if (!file) co_return upload.break_off(file.error());
  upload.is_called(file->part_name());

  auto copy = file->duplicate();
  if (!copy) co_return upload.break_off(copy.error());
  auto sink = net::FdStream::over_pair(visit.loop(), net::Fd(), std::move(*copy));
  if (!sink) co_return upload.break_off(sink.error());
  const std::uint64_t bytes_max = visit.hosting().limits.max_bytes;
  auto relaying = relay_file(visit, visit.stream(), **sink, bytes_max + 1);
  const net::Relayed relayed = co_await std::move(relaying);
  upload.has(relayed.bytes);
  if (auto fault = fault_of(relayed, bytes_max)) {
    if (relayed.bytes == 0 && file->discard()) upload.is_called("");
    co_return upload.break_off(std::move(*fault));
  }

  const Commit commit(visit.hosting());
  auto committing = commit_elsewhere(visit.loop(), std::move(*file));
  const auto name = co_await std::move(committing);
  if (!name) co_return upload.break_off(name.error());
  upload.is_called(*name);
  upload.succeed();
}

}  // namespace

net::Task<> receive_file(std::unique_ptr<Visit> visit) {
  std::string peer = visit->peer();  // a reset would take the address with it
  // Until the first byte, or the FIN of an empty file, a visitor costs no file.
  if (!co_await visit->stream().readable(visit->hosting().idle_deadline())) co_return;
  auto receiving = receive(*visit, std::move(peer));
  co_await std::move(receiving);
  if (!visit->stream().write_fd()) co_return;  // broken off
  if (!visit->send_now(bytes_of(visit->service().answer))) co_return;
  auto leave = take_leave(*visit);
  co_await std::move(leave);
}

}  // namespace yam::service
