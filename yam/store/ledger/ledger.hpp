#pragma once
// What yam remembers of files between runs: their hashes, so that each is computed once. It is a help and no
// more. Where the database is broken it is moved aside and a new one begun; where it cannot be used at all,
// or another process holds it for too long, nothing is known and nothing is kept, and who asked computes
// again.
//
// Any thread; one at a time is served, in 10 to 50 µs, or Database::busy_wait_ms where others write.

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>

#include "yam/base/result.hpp"
#include "yam/store/ledger/database.hpp"
#include "yam/store/ledger/file_hash.hpp"

namespace yam::store {

// Beyond either, those that were kept first go.
inline constexpr std::int64_t ledger_files_max = 100'000;
inline constexpr std::int64_t ledger_piece_bytes_max = 64 * 1024 * 1024;

struct LedgerLimits {
  std::int64_t files_max = ledger_files_max;
  std::int64_t piece_bytes_max = ledger_piece_bytes_max;
};

class Ledger {
 public:
  // At `path`, a file of its own. It always opens: fault() says what went wrong.
  explicit Ledger(const std::string& path, LedgerLimits limits = {});

  // What was kept of exactly these bytes.
  std::optional<FileHashes> find(const FileVersion& version);
  // Replaces what was known of that file, of this version or another one.
  void keep(const FileVersion& version, const FileHashes& hashes);

  // What went wrong since it was asked last, for a log; calls went on without the ledger.
  std::optional<Error> take_fault();

 private:
  Result<void> open(const std::string& path);
  Result<std::optional<FileHashes>> look_up(const FileVersion& version);
  Result<void> write(const FileVersion& version, const FileHashes& hashes);
  Result<void> forget_oldest();

  LedgerLimits limits_;
  std::mutex mutex_;
  std::optional<Error> fault_;
  std::optional<Database> database_;  // absent where it cannot be used
  Statement find_, keep_, count_, forget_;
  std::int64_t kept_ = 0;  // since it was opened
};

}  // namespace yam::store
