#pragma once
// A stream whose words come over a bad link: reads are late, slow, damaged, cut or lost as a plan says, and
// writes go straight through. For both directions each side is wrapped. A full link makes the peer wait; what
// is held is bounded by base/impairment.hpp.

#include "yam/net/loop/event.hpp"
#include "yam/net/loop/scope.hpp"
#include "yam/service/pipe/impaired_link.hpp"

namespace yam::service {

class ImpairedStream final : public net::Stream {
 public:
  // `inner` outlives it, belongs to `loop`, and is read by nobody else. `counters` outlives it too, and gains
  // what the link has counted when the stream goes.
  ImpairedStream(net::Loop& loop, net::Stream& inner, const ImpairmentPlan& plan, std::uint64_t lane,
                 ImpairmentCounters& counters);
  ~ImpairedStream() override;

  net::Attempt try_read(ByteSpan into) override;
  net::Watch& read_watch() override { return watch_; }
  bool keeps_messages() const override { return inner_.keeps_messages(); }

  net::Attempt try_write(std::span<const ByteView> parts) override { return inner_.try_write(parts); }
  net::Attempt try_finish() override { return inner_.try_finish(); }
  net::Attempt try_flush() override { return inner_.try_flush(); }
  net::Watch& write_watch() override { return inner_.write_watch(); }
  std::optional<int> write_fd() const override { return inner_.write_fd(); }
  void abort() override { inner_.abort(); }

 private:
  net::Task<> fill();
  net::Task<> wake_reader();
  bool is_due() const;

  net::Loop& loop_;
  net::Stream& inner_;
  ImpairmentCounters& counters_;
  std::unique_ptr<ImpairedLink> link_;
  std::optional<Error> fault_;  // of the inner stream; said once all before it has been read
  net::Watch watch_;            // belongs to no descriptor: set when something is due
  net::Event room_;             // the reader has taken something
  net::Event news_;             // next_due() may have changed
  net::Scope tasks_;            // last: cancelled before what the tasks point at
};

// Adds what one link counted to the sum of many.
void add_to(ImpairmentCounters& sum, const ImpairmentCounters& counted);

}  // namespace yam::service
