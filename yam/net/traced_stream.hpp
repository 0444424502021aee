#pragma once
// A stream that writes down what passes over it, for --trace: each piece with its time, each end, each fault.
// The bytes themselves are not kept, and they go through here instead of from kernel to kernel, so that each
// piece is seen as the peer gets it.

#include <memory>

#include "yam/base/ladder.hpp"
#include "yam/net/loop/event.hpp"
#include "yam/net/stream.hpp"

namespace yam::net {

class TracedStream final : public Stream {
 public:
  // `news` is set whenever `ladder` has something new. Both outlive the stream.
  TracedStream(std::unique_ptr<Stream> inner, Ladder& ladder, Event& news, std::uint32_t conversation)
      : inner_(std::move(inner)), ladder_(ladder), news_(news), conversation_(conversation) {}

  Watch::Readiness readable(Time deadline = never) override { return inner_->readable(deadline); }
  Attempt try_read(ByteSpan into) override;
  Attempt try_write(std::span<const ByteView> parts) override;
  Attempt try_finish() override;
  Attempt try_flush() override { return inner_->try_flush(); }
  bool keeps_messages() const override { return inner_->keeps_messages(); }
  Watch& read_watch() override { return inner_->read_watch(); }
  Watch& write_watch() override { return inner_->write_watch(); }
  void abort() override;

 private:
  void note(LadderEvent::Actor from, LadderEvent::What what, std::uint64_t bytes, std::string detail = {});
  void note_fault(LadderEvent::Actor from, const Error& fault);

  std::unique_ptr<Stream> inner_;
  Ladder& ladder_;
  Event& news_;
  std::uint32_t conversation_;
};

}  // namespace yam::net
