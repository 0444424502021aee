#pragma once
// The SHA-256 of files that an HTTP service gives out. Computed when somebody asks for a Metalink, on a
// thread of its own, and remembered: what is known in memory costs an answer nothing, what the ledger knows
// is asked only where a client wants it, and no answer's first byte ever waits for a file to be hashed.
//
// For the loop's own thread.

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "yam/net/loop/task.hpp"
#include "yam/service/http_server/http_exchange.hpp"
#include "yam/store/folder.hpp"
#include "yam/store/ledger/ledger.hpp"

namespace yam::service {

class HttpServer;

class HttpDigests {
 public:
  static constexpr std::size_t known_max = 8192;           // in memory; beyond, it begins anew
  static constexpr std::size_t hashings_max = 2;           // at once: each takes a core and a disk
  static constexpr const char* ledger_name = "ledger.db";  // in the state folder

  // The Repr-Digest of the file as it was opened, where that is known; "" otherwise. `is_wanted`: the client
  // asks for it (Want-Repr-Digest).
  std::string repr_digest(const store::FileStatus& file, bool is_wanted);

  // For who has just learnt it from the bytes themselves. Of a file that was written to a moment ago nothing
  // is kept: another change could not be told from that one (store::settling_ns).
  void learn(const store::FileStatus& file, ByteView sha256);

  // All hashes: known, or computed now. Code::timeout when too many are being computed, Code::verification
  // when the file changes meanwhile, or has just been written.
  net::Task<Result<store::FileHashes>> hash(net::Loop& loop, store::OpenedFile file);

  // What the ledger could not do, for the log.
  std::optional<Error> take_fault();

 private:
  store::Ledger* ledger();

  std::map<store::FileVersion, std::string> known_;  // as Repr-Digest has it
  std::unique_ptr<store::Ledger> ledger_;
  std::optional<Error> fault_;
  bool ledger_opened_ = false;
  std::size_t hashings_ = 0;
};

store::FileVersion version_of(const store::FileStatus& file);

// "a.iso.meta4" → "a.iso"; empty for other names.
std::string_view described_file(std::string_view name);

// The Metalink of the file `name` beneath the served folder (RFC 5854), which is open. Both references
// outlive the task.
net::Task<Result<>> answer_with_metalink(HttpServer& server, HttpExchange& exchange, std::string name,
                                         store::OpenedFile file);

}  // namespace yam::service
