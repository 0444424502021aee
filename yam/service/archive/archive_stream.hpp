#pragma once
// An archive of a folder for a loop to send: a thread reads, compresses and waits where nobody takes the
// bytes; the loop takes them block by block and never waits for the disk. Letting it go ends the thread,
// soon.
//
// For one loop, but for ArchiveSlots.

#include <atomic>
#include <memory>

#include "yam/base/bytes.hpp"
#include "yam/base/result.hpp"
#include "yam/net/loop/event.hpp"
#include "yam/net/loop/task.hpp"
#include "yam/service/archive/archive_order.hpp"

namespace yam::store {
class Folder;
}

namespace yam::service {

class ArchiveQueue;

// How many archives are made at once: each takes a thread, a few MiB and a share of the disk. Any thread;
// threads that make one share it.
class ArchiveSlots {
 public:
  static constexpr unsigned archives_max = 16;

  explicit ArchiveSlots(unsigned count_max = archives_max) : left_(std::make_shared<Left>(count_max)) {}

 private:
  friend class ArchiveStream;
  using Left = std::atomic<unsigned>;

  std::shared_ptr<Left> left_;
};

class ArchiveStream {
 public:
  // Begins. Code::usage for names that are none (or have a '/'), Code::local when no slot or thread is left.
  // `served` is not needed afterwards.
  static Result<std::unique_ptr<ArchiveStream>> open(net::Loop& loop, const store::Folder& served,
                                                     ArchiveOrder order, const ArchiveSlots& slots);
  ~ArchiveStream();
  ArchiveStream(const ArchiveStream&) = delete;
  ArchiveStream& operator=(const ArchiveStream&) = delete;

  // The next block, good until the next call; an empty one at the end. The faults of archive_folder: what was
  // sent until then is no archive.
  net::Task<Result<ByteView>> next();

  // Once next() has given the end.
  const ArchiveReport& report() const { return report_; }

 private:
  explicit ArchiveStream(net::Loop& loop);

  net::Event news_;
  Bytes block_;
  ArchiveReport report_;
  std::shared_ptr<ArchiveQueue> queue_;  // with the thread, which may outlive this
};

}  // namespace yam::service
