#pragma once
// Lines for whoever reads a descriptor, written by a thread of its own: who hands one over never waits for
// the reader. It holds so much; what comes beyond that, because nobody reads, is left out and counted, and
// the count is written where the lines are missing. The descriptor stays as it is: others may share it, so it
// is not made non-blocking.

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

#include "yam/base/result.hpp"
#include "yam/base/time.hpp"

namespace yam::service {

class LineWriter {
 public:
  static constexpr std::size_t bytes_max = 1024 * 1024;  // waiting; as much again may be on its way
  static constexpr Duration end_limit = std::chrono::seconds(1);
  // A line goes out at once; those that follow so soon go together, so that a busy log costs few calls and
  // wakes nobody for each line. So do as many bytes.
  static constexpr Duration gather_pause = std::chrono::milliseconds(10);
  static constexpr std::size_t gather_bytes = 64 * 1024;
  // The line, with its end, that says how many are missing.
  using LeftOut = std::string (*)(std::uint64_t count);

  // `fd` is borrowed, and outlives the process where its reader stalls (finish). Code::local when there is no
  // thread to be had.
  static Result<std::unique_ptr<LineWriter>> open(int fd, LeftOut left_out);
  // Finishes.
  ~LineWriter();
  LineWriter(const LineWriter&) = delete;
  LineWriter& operator=(const LineWriter&) = delete;

  // Whole lines, with their ends; what stands in one call is written together or counted as one that is left
  // out. Any thread; each finds its own lines in order.
  void put(std::string_view lines);

  // Gives what is waiting end_limit to go out, and says whether it did. When it did not, the thread is left
  // behind, in a write that nothing can interrupt. Nothing is put any more. Again it says the same.
  bool finish();

  // The errno of the first write that failed, or 0. What could not be written is lost; later lines are tried.
  int error() const;

 private:
  struct Shared;

  explicit LineWriter(std::shared_ptr<Shared> shared);
  static void write_lines(const std::shared_ptr<Shared>& shared);

  std::shared_ptr<Shared> shared_;  // with the thread, which may be left behind
  std::thread thread_;
};

}  // namespace yam::service
