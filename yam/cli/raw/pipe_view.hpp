#pragma once
// What a person or a program hears of a pipe: who was joined with whom, how each pair ended, and the sums at
// the end, as words on stderr or as one JSON object a line.

#include "yam/cli/trace.hpp"
#include "yam/service/pipe/pipe.hpp"

namespace yam::cli {

class PipeView final : public service::PipeObserver {
 public:
  // `one_pair`: its fault is the exit status, which says it itself.
  PipeView(bool verbose, bool json, bool one_pair) : verbose_(verbose), json_(json), one_pair_(one_pair) {}

  // From now on each pair's conversations are traced, left and right, as 1 and 2, 3 and 4, ….
  void trace_on(Trace* trace) { trace_ = trace; }

  void listening(const std::string& address) override;
  void joined(service::PipeConnections& pair) override;
  void ended(const service::PipeConnections& pair, const service::PipeEnd& end) override;
  void failed(const std::string& peer, const Error& fault) override;

  // The sums; `impaired` adds what was done to each direction.
  void total(const service::PipeTotals& totals, bool impaired) const;

 private:
  bool verbose_;
  bool json_;
  bool one_pair_;
  Trace* trace_ = nullptr;
};

}  // namespace yam::cli
