#include "yam/net/datagram/datagram_socket.hpp"

#include <algorithm>
#include <cerrno>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "yam/net/datagram/unreachable.hpp"

namespace yam::net {

DatagramSocket::Receive DatagramSocket::receive(DatagramBatch& batch, Time deadline) {
  return Receive(*this, batch, deadline);
}
DatagramSocket::Send DatagramSocket::send(ByteView datagram, Time deadline) {
  return Send(*this, nullptr, nullptr, datagram, deadline);
}
DatagramSocket::Send DatagramSocket::send_to(const SocketAddress& peer, ByteView datagram, Time deadline) {
  return Send(*this, &peer, nullptr, datagram, deadline);
}
DatagramSocket::Send DatagramSocket::answer(const Datagram& whom, ByteView datagram, Time deadline) {
  return Send(*this, &whom.sender, whom.called, datagram, deadline);
}
DatagramSocket::Send DatagramSocket::send_run(const SocketAddress* peer, std::span<const ByteView> pieces,
                                              std::size_t datagram_bytes, Time deadline) {
  return Send(*this, Run{.peer = peer, .pieces = pieces, .datagram_bytes = datagram_bytes}, deadline);
}
DatagramSocket::Send DatagramSocket::send_back(const DatagramBatch& batch, Time deadline) {
  return Send(*this, batch, deadline);
}

Attempt DatagramSocket::try_receive(DatagramBatch& batch) {
  if (kept_fault_) {
    batch.clear();
    return fail(*std::exchange(kept_fault_, nullptr));
  }
  const auto slots = batch.slots();
  for (;;) {
    // MSG_TRUNC asks for the true length of a datagram that did not fit.
    const int count = ::recvmmsg(socket_.get(), slots.data(), static_cast<unsigned>(slots.size()),
                                 MSG_DONTWAIT | MSG_TRUNC, nullptr);
    if (count < 0) {
      if (errno == EAGAIN || errno == EWOULDBLOCK) {
        watch_.drained();
        if (has_told_unreachable() && kept_fault_) return fail(*std::exchange(kept_fault_, nullptr));
        return std::nullopt;
      }
      if (has_told_unreachable()) {
        if (!kept_fault_) continue;
        return fail(*std::exchange(kept_fault_, nullptr));
      }
      // What befell an earlier datagram on its way. Only a connected socket can tell whose it was.
      if (peer_ && errno != EINTR) return fail_os("cannot reach " + peer_->to_string(), errno);
      if (errno == EBADF || errno == ENOTSOCK || errno == EFAULT || errno == EINVAL || errno == ENOMEM)
        return fail_os("cannot receive at " + local_.to_string(), errno);
      continue;
    }
    // Short: nothing more is queued. Only a fault may be, and then epoll has told or will tell.
    if (static_cast<std::size_t>(count) < slots.size()) watch_.came_short();
    const std::size_t too_long_bytes = batch.accept(static_cast<std::size_t>(count));
    if (too_long_bytes > 0) {
      kept_fault_ = std::make_unique<Error>(Error{
          .code = Code::protocol,
          .what = "a datagram of " + std::to_string(too_long_bytes) + " bytes came to " + local_.to_string() +
                  ", longer than the " + std::to_string(DatagramBatch::message_bytes_max) + " that are taken",
          .hint = {}});
      if (batch.empty()) return fail(*std::exchange(kept_fault_, nullptr));
    }
    return batch.messages().size();
  }
}

// Takes word of one datagram that did not arrive, for the next receive; that one was too long for the path is
// no news, for the kernel cuts the next. Until it is taken, sending and receiving fail with it.
bool DatagramSocket::has_told_unreachable() {
  if (!tells_unreachable_) return false;
  const auto told = take_unreachable(socket_.get());
  if (!told) return false;
  if (told->error == EMSGSIZE) return true;
  last_unreachable_ = told->target;
  kept_fault_ =
      std::make_unique<Error>(fail_os("cannot reach " + told->target.to_string(), told->error).error());
  kept_fault_->code = Code::network;
  return true;
}

void DatagramSocket::expect_room(int error) {
  room_comes_untold_ = error == ENOBUFS || (!is_udp() && !peer_);
  watch_.filled();
  if (!expecting_room_ && !room_comes_untold_) ask_epoll_about_room(true);
}

void DatagramSocket::stop_expecting_room() {
  if (expecting_room_) ask_epoll_about_room(false);
}

// Epoll is asked about room only while a send waits for it: each datagram that leaves would be an event of
// its own otherwise, and end the loop's wait for nothing.
void DatagramSocket::ask_epoll_about_room(bool asked) {
  expecting_room_ = asked;
  epoll_event event{};
  event.events = EPOLLIN | EPOLLET | (asked ? static_cast<std::uint32_t>(EPOLLOUT) : 0);
  event.data.ptr = &watch_;
  ::epoll_ctl(watch_.loop().epoll(), EPOLL_CTL_MOD, socket_.get(), &event);
}

DatagramSocket::Receive::Receive(DatagramSocket& socket, DatagramBatch& batch, Time deadline)
    : Waiter(socket.watch_.loop().timers()), socket_(socket), batch_(batch), deadline_(deadline) {}

// Nothing is received that could not be handed over at once: the batch may be shared.
bool DatagramSocket::Receive::await_ready() {
  if (!socket_.may_receive() || !socket_.watch_.loop().spend()) return false;
  outcome_ = socket_.try_receive(batch_);
  return outcome_.has_value();
}

void DatagramSocket::Receive::await_suspend(std::coroutine_handle<> waiting) {
  waiting_ = waiting;
  socket_.may_receive() ? socket_.watch_.loop().ready().push(*this) : wait();
}

void DatagramSocket::Receive::run() {
  socket_.watch_.forget(*this);
  if (socket_.may_receive()) outcome_ = socket_.try_receive(batch_);
  if (!outcome_ && expired()) outcome_ = fail(Code::timeout, "no datagram came in time");
  outcome_ ? waiting_.resume() : wait();
}

void DatagramSocket::Receive::wait() {
  socket_.watch_.expect_readable(*this);
  timers_.arm(*this, deadline_);
}

DatagramSocket::Send::Send(DatagramSocket& socket, const SocketAddress* peer, const IpAddress* source,
                           ByteView datagram, Time deadline)
    : Send(socket, Run{.peer = peer, .pieces = {}, .datagram_bytes = datagram.size(), .source = source},
           deadline) {
  single_ = datagram;
}

DatagramSocket::Send::Send(DatagramSocket& socket, const Run& run, Time deadline)
    : Waiter(socket.watch_.loop().timers()), socket_(socket), run_(run), deadline_(deadline) {}

DatagramSocket::Send::Send(DatagramSocket& socket, const DatagramBatch& batch, Time deadline)
    : Waiter(socket.watch_.loop().timers()), socket_(socket), batch_(&batch), deadline_(deadline) {}

DatagramSocket::Send::~Send() {
  socket_.watch_.forget(*this);
}

bool DatagramSocket::Send::await_ready() {
  attempt();
  return outcome_ && socket_.watch_.loop().spend();
}

void DatagramSocket::Send::await_suspend(std::coroutine_handle<> waiting) {
  waiting_ = waiting;
  outcome_ ? socket_.watch_.loop().ready().push(*this) : wait();
}

void DatagramSocket::Send::run() {
  socket_.watch_.forget(*this);
  if (!outcome_) attempt();
  if (!outcome_ && deadline_ <= socket_.watch_.loop().now())
    outcome_ = fail(Code::timeout, "the system took no more datagrams in time");
  outcome_ ? waiting_.resume() : wait();
}

void DatagramSocket::Send::attempt() {
  if (batch_ != nullptr) {
    outcome_ = socket_.try_send_back(*batch_, progress_);
    return;
  }
  Run run = run_;
  if (run.pieces.empty()) run.pieces = {&single_, 1};
  outcome_ = socket_.try_send(run, progress_);
}

void DatagramSocket::Send::wait() {
  socket_.watch_.expect_writable(*this);
  Time wake = deadline_;
  if (socket_.room_comes_untold_) wake = std::min(wake, after(Clock::now(), pause_without_room));
  timers_.arm(*this, wake);
}

}  // namespace yam::net
