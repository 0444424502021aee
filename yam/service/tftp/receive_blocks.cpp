#include "yam/service/tftp/receive_blocks.hpp"

#include <utility>

namespace yam::service {

namespace tftp = proto::tftp;

net::Task<TftpResult<>> BlockSink::settle() {
  co_return TftpResult<>();
}

net::Task<> receive_blocks(TftpPort& port, tftp::Receiver& receiver, BlockSink& sink, Bytes first) {
  bool has_first = !first.empty();
  for (;;) {
    if (!has_first) {
      bool failed = false;  // as good as lost on the way
      while (const auto packet = receiver.poll_packet(Clock::now())) {
        const auto sent = co_await port.send(*packet);
        failed |= !sent;
      }
      if (receiver.end() != tftp::End::none) co_return;
      if (failed && port.note_fault()) {
        receiver.handle_fault(tftp::ErrorCode::undefined, TftpPort::gone, Clock::now());
        continue;
      }
    }
    auto& blocks = port.scratch().blocks;
    blocks.clear();
    const auto take = [&](ByteView packet, Time now) {
      receiver.handle_packet(packet, now);
      const auto data = receiver.poll_data();
      if (data && !data->empty()) blocks.push_back(*data);
      // At once: what the next packet of the batch brings could make the machine forget that it had to ask.
      while (const auto answer = receiver.poll_packet(now)) {
        static_cast<void>(port.try_send(*answer));
      }
    };
    if (std::exchange(has_first, false)) {
      take(first, Clock::now());
    } else {
      const auto got = co_await port.receive(receiver.deadline());
      const Time now = Clock::now();
      blocks.clear();  // others used it meanwhile
      if (got) {
        port.hear([&](ByteView packet, const net::SocketAddress&) { take(packet, now); });
      } else if (got.error().code == Code::timeout) {
        receiver.handle_timeout(now);
      } else if (port.note_fault()) {
        receiver.handle_fault(tftp::ErrorCode::undefined, TftpPort::gone, now);
      }
    }
    auto taken = sink.take(blocks);
    if (taken && sink.is_full()) {
      auto settling = sink.settle();
      taken = co_await std::move(settling);
    }
    if (taken && receiver.complete()) {
      auto finishing = sink.finish();
      taken = co_await std::move(finishing);
      if (taken) receiver.handle_saved(Clock::now());
    }
    if (!taken) receiver.handle_fault(taken.error().code, taken.error().text, Clock::now());
  }
}

net::Task<> dally(TftpPort& port, tftp::Receiver& receiver) {
  while (!receiver.gone()) {
    const auto got = co_await port.receive(receiver.deadline());
    const Time now = Clock::now();
    if (got) {
      port.hear([&](ByteView packet, const net::SocketAddress&) { receiver.handle_packet(packet, now); });
    } else if (got.error().code == Code::timeout) {
      receiver.handle_timeout(now);
    } else {
      co_return;  // nobody is there who could ask again
    }
    while (const auto packet = receiver.poll_packet(now)) {
      const auto sent = co_await port.send(*packet);
      if (!sent) co_return;
    }
  }
}

}  // namespace yam::service
