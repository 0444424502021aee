// Any text is a plan that reads back from its print, or a fault; and whatever the plan, a stream keeps its
// length up to the cut and both links run empty.

#include "yam/base/impairment.hpp"

#include <algorithm>
#include <cstdlib>

using namespace yam;

namespace {

constexpr std::size_t stream_bytes = 10'000;
constexpr Time start = Time(std::chrono::seconds(1));

void expect(bool holds) {
  if (!holds) std::abort();
}

void run_stream(const ImpairmentPlan& plan) {
  StreamImpairment link(plan);
  expect(link.handle_bytes(Bytes(stream_bytes), start) == stream_bytes);
  link.handle_end(start);
  std::size_t out = 0;
  bool ended = false;
  while (link.next_due() != never) {
    const Time now = link.next_due();
    const auto bytes = link.poll_bytes(now);
    if (bytes) out += bytes->size();
    ended = link.poll_end(now).has_value();
    expect(bytes || ended);
  }
  expect(ended && out == std::min<std::uint64_t>(stream_bytes, plan.cut_bytes.value_or(stream_bytes)));
}

void run_datagrams(const ImpairmentPlan& plan) {
  DatagramImpairment link(plan);
  for (std::size_t size = 0; size < 20; ++size)
    link.handle_datagram(Bytes(size), start);
  while (link.next_due() != never)
    expect(link.poll_datagram(link.next_due()).has_value());
  const ImpairmentCounters& counters = link.counters();
  expect(counters.passed + counters.lost + counters.cut + counters.overflowed == 20 + counters.copied);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const auto plan = ImpairmentPlan::parse({reinterpret_cast<const char*>(data), size});
  if (!plan) return 0;
  expect(ImpairmentPlan::parse(plan->to_string()) == plan);
  run_stream(*plan);
  run_datagrams(*plan);
  return 0;
}
