// How datagrams leave: one sendmsg for a run where the kernel cuts it (UDP_SEGMENT), else one sendmmsg.

#include <algorithm>
#include <array>
#include <cassert>
#include <sys/socket.h>

#include "yam/net/datagram/datagram_call.hpp"
#include "yam/net/datagram/datagram_socket.hpp"

namespace yam::net {

using detail::header_to, detail::is_blocked, detail::may_mean_no_segments, detail::SendControl;

namespace {

[[maybe_unused]] std::size_t total_of(std::span<const ByteView> pieces) {
  std::size_t total = 0;
  for (const ByteView piece : pieces)
    total += piece.size();
  return total;
}

}  // namespace

// The next datagrams of a run, as parts that begin anew with each datagram.
struct DatagramSocket::Gathered {
  std::array<iovec, pieces_per_call_max> parts;
  std::array<std::size_t, gso_segments_max + 1> first;  // each datagram's first part; the last one's end
  std::size_t datagrams = 0;
  std::size_t bytes = 0;

  Gathered(const Run& run, const Progress& from) {
    std::size_t index = from.index, offset = from.offset, count = 0;
    first[0] = 0;
    while (datagrams < gso_segments_max) {
      std::size_t length = 0;
      while (length < run.datagram_bytes && index < run.pieces.size()) {
        const ByteView rest = run.pieces[index].subspan(offset);
        const std::size_t taken = std::min(rest.size(), run.datagram_bytes - length);
        if (taken > 0) {
          if (count == parts.size()) return;
          parts[count++] = {const_cast<std::byte*>(rest.data()), taken};
          length += taken;
          offset += taken;
        }
        if (offset == run.pieces[index].size()) {
          ++index;
          offset = 0;
        }
      }
      const bool is_end = length == 0 && from.datagrams + datagrams > 0;
      const bool is_beyond_one_call = datagrams > 0 && bytes + length > datagram_bytes_max_v4;
      if (is_end || is_beyond_one_call) return;
      bytes += length;
      first[++datagrams] = count;
      if (length < run.datagram_bytes || run.datagram_bytes == 0) return;  // the last
    }
  }

  // Neighbours in memory as one part, for a call that cuts by length.
  std::size_t join() {
    std::size_t joined = 0;
    for (std::size_t i = 0; i < first[datagrams]; ++i) {
      iovec& last = parts[joined == 0 ? 0 : joined - 1];
      if (joined > 0 && static_cast<std::byte*>(last.iov_base) + last.iov_len == parts[i].iov_base) {
        last.iov_len += parts[i].iov_len;
      } else {
        parts[joined++] = parts[i];
      }
    }
    return joined;
  }
};

Attempt DatagramSocket::try_send(const Run& run, Progress& at) {
  assert(run.datagram_bytes > 0 || at.datagrams > 0 || total_of(run.pieces) == 0);
  bool one_by_one = false;
  int refusal = 0;
  for (;;) {
    while (at.index < run.pieces.size() && at.offset == run.pieces[at.index].size()) {
      ++at.index;
      at.offset = 0;
    }
    if (at.index == run.pieces.size() && at.datagrams > 0) {
      stop_expecting_room();
      return at.datagrams;
    }
    Gathered gathered(run, at);
    if (gathered.datagrams == 0)
      return fail(Code::usage, "a datagram of more than " + std::to_string(pieces_per_call_max) + " pieces");

    const bool segmenting = gathered.datagrams > 1 && !one_by_one && may_segment(run.datagram_bytes);
    std::size_t sent = 0;
    const int error = segmenting ? send_segments(run, gathered, sent) : send_each(run, gathered, sent);
    if (error == EINTR || (error != 0 && !is_blocked(error) && has_told_unreachable())) continue;
    if (segmenting && may_mean_no_segments(error)) {
      one_by_one = true;
      refusal = error;
      continue;
    }
    if (is_blocked(error)) {
      expect_room(error);
      return std::nullopt;
    }
    if (error != 0) return fail(send_fault(error, run.peer, std::min(gathered.bytes, run.datagram_bytes)));
    if (refusal != 0) note_refused_segments(std::exchange(refusal, 0), run.datagram_bytes);

    at.datagrams += sent;
    std::size_t bytes = std::min(sent * run.datagram_bytes, gathered.bytes);
    while (bytes > 0) {
      const std::size_t step = std::min(bytes, run.pieces[at.index].size() - at.offset);
      bytes -= step;
      at.offset += step;
      if (at.offset == run.pieces[at.index].size()) {
        ++at.index;
        at.offset = 0;
      }
    }
  }
}

// Gives 0 and how many went out, or the errno of the first.
int DatagramSocket::send_segments(const Run& run, Gathered& gathered, std::size_t& sent) {
  msghdr header = header_to(run.peer, gathered.parts.data(), gathered.join());
  SendControl control;
  control.add_segment(header, run.datagram_bytes);
  if (run.source != nullptr) control.add_source(header, *run.source, family_);
  if (::sendmsg(socket_.get(), &header, MSG_DONTWAIT | MSG_NOSIGNAL) < 0) return errno;
  sent = gathered.datagrams;
  return 0;
}

int DatagramSocket::send_each(const Run& run, Gathered& gathered, std::size_t& sent) {
  if (gathered.datagrams == 1) {  // a lock step's, for one: sendmmsg costs more
    msghdr header = header_to(run.peer, gathered.parts.data(), gathered.first[1]);
    SendControl control;
    if (run.source != nullptr) control.add_source(header, *run.source, family_);
    if (::sendmsg(socket_.get(), &header, MSG_DONTWAIT | MSG_NOSIGNAL) < 0) return errno;
    sent = 1;
    return 0;
  }
  std::array<mmsghdr, gso_segments_max> headers;
  std::array<SendControl, gso_segments_max> controls;
  for (std::size_t i = 0; i < gathered.datagrams; ++i) {
    headers[i].msg_hdr = header_to(run.peer, gathered.parts.data() + gathered.first[i],
                                   gathered.first[i + 1] - gathered.first[i]);
    if (run.source != nullptr) controls[i].add_source(headers[i].msg_hdr, *run.source, family_);
  }
  const int count = ::sendmmsg(socket_.get(), headers.data(), static_cast<unsigned>(gathered.datagrams),
                               MSG_DONTWAIT | MSG_NOSIGNAL);
  if (count < 0) return errno;
  sent = static_cast<std::size_t>(count);
  return 0;
}

void DatagramSocket::note_refused_segments(int error, std::size_t segment_bytes) {
  const bool is_about_length = error == EINVAL || error == EMSGSIZE;
  gso_segment_limit_ = is_about_length ? std::min(gso_segment_limit_, segment_bytes) : 0;
}

Error DatagramSocket::send_fault(int error, const SocketAddress* peer, std::size_t bytes) const {
  if (peer == nullptr && peer_) peer = &*peer_;
  const std::string whom = peer != nullptr ? peer->to_string() : "nobody";
  if (error != EMSGSIZE) return fail_os("cannot send to " + whom, error).error();
  std::string what = "a datagram of " + std::to_string(bytes) + " bytes to " + whom + " is too long";
  if (is_udp()) {
    const bool is_v4 = peer == nullptr || (peer->ip() && peer->ip()->address.is_v4());
    what += ": the most is " + std::to_string(is_v4 ? datagram_bytes_max_v4 : datagram_bytes_max_v6);
  }
  return {.code = Code::usage, .what = std::move(what), .hint = {}};
}

}  // namespace yam::net
