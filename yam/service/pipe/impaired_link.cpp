#include "yam/service/pipe/impaired_link.hpp"

#include <algorithm>

#include "yam/base/quantity.hpp"

namespace yam::service {

namespace {

class DatagramLink final : public ImpairedLink {
 public:
  DatagramLink(const ImpairmentPlan& plan, std::uint64_t lane) : impairment_(plan, lane) {}

  // Too many at once are dropped, as a router drops them: a sender of datagrams never waits.
  std::size_t room() const override { return impaired_bytes_max; }
  void handle_piece(ByteView piece, Time now) override { impairment_.handle_datagram(piece, now); }
  void handle_end(Time) override {}

  net::Attempt poll_read(ByteSpan into, Time now) override {
    const auto datagram = impairment_.poll_datagram(now);
    if (!datagram) return std::nullopt;
    if (datagram->size() > into.size())
      return fail(Code::usage, "a datagram of " + std::to_string(datagram->size()) + " bytes found no room");
    std::ranges::copy(*datagram, into.begin());
    return datagram->size();
  }
  Time next_due() const override { return impairment_.next_due(); }
  const ImpairmentCounters& counters() const override { return impairment_.counters(); }

 private:
  DatagramImpairment impairment_;
};

class ByteLink final : public ImpairedLink {
 public:
  ByteLink(const ImpairmentPlan& plan, std::uint64_t lane) : impairment_(plan, lane) {}

  std::size_t room() const override { return impairment_.room(); }
  void handle_piece(ByteView piece, Time now) override { impairment_.handle_bytes(piece, now); }
  void handle_end(Time now) override { impairment_.handle_end(now); }

  net::Attempt poll_read(ByteSpan into, Time now) override {
    std::size_t read = 0;
    while (read < into.size() && refill(now)) {
      const ByteView part = rest().first(std::min(rest().size(), into.size() - read));
      std::ranges::copy(part, into.subspan(read).begin());
      read += part.size();
      piece_read_ += part.size();
    }
    if (read > 0) return read;
    if (!end_) end_ = impairment_.poll_end(now);
    if (!end_) return std::nullopt;
    if (*end_ != StreamImpairment::End::reset) return std::size_t{0};
    return fail(Code::network, "reset after " + print_bytes(impairment_.counters().passed) + ", as asked");
  }
  // The end is said once by the impairment, and by us as often as somebody asks.
  Time next_due() const override { return end_ || !rest().empty() ? Time::min() : impairment_.next_due(); }
  const ImpairmentCounters& counters() const override { return impairment_.counters(); }

 private:
  ByteView rest() const { return ByteView(piece_).subspan(piece_read_); }

  bool refill(Time now) {
    if (!rest().empty()) return true;
    auto next = impairment_.poll_bytes(now);
    if (!next) return false;
    piece_ = std::move(*next);
    piece_read_ = 0;
    return true;
  }

  StreamImpairment impairment_;
  Bytes piece_;  // of which the reader has taken `piece_read_`
  std::size_t piece_read_ = 0;
  std::optional<StreamImpairment::End> end_;
};

}  // namespace

std::unique_ptr<ImpairedLink> ImpairedLink::open(const ImpairmentPlan& plan, std::uint64_t lane,
                                                 bool keeps_messages) {
  if (keeps_messages) return std::make_unique<DatagramLink>(plan, lane);
  return std::make_unique<ByteLink>(plan, lane);
}

}  // namespace yam::service
