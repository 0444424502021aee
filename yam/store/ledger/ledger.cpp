#include "yam/store/ledger/ledger.hpp"

#include <algorithm>
#include <cstdio>
#include <unistd.h>
#include <utility>

#include "yam/base/text.hpp"

namespace yam::store {

namespace {

constexpr std::int64_t keeps_between_counts = 64;
constexpr const char* broken_suffix = ".broken";

// `kept` grows by one a row, so the oldest are the smallest.
constexpr const char* ledger_schema =
    "CREATE TABLE IF NOT EXISTS file_hashes("
    " kept INTEGER PRIMARY KEY AUTOINCREMENT, device INTEGER NOT NULL, inode INTEGER NOT NULL,"
    " size INTEGER NOT NULL, modified_ns INTEGER NOT NULL, sha256 BLOB NOT NULL,"
    " piece_bytes INTEGER NOT NULL, pieces BLOB NOT NULL, UNIQUE(device, inode))";

// A statement that is at its beginning again when this goes, whatever happened.
class InUse {
 public:
  explicit InUse(Statement& statement) : statement_(statement) {}
  ~InUse() { statement_.reset(); }
  InUse(const InUse&) = delete;
  InUse& operator=(const InUse&) = delete;

 private:
  Statement& statement_;
};

std::int64_t as_stored(std::uint64_t value) {
  return static_cast<std::int64_t>(value);  // all 64 bits, and back again
}

bool is_sound(const FileHashes& hashes, std::uint64_t size) {
  if (hashes.sha256.size() != sha256_bytes || hashes.piece_bytes != piece_bytes_for(size)) return false;
  const std::uint64_t pieces = size / hashes.piece_bytes + (size % hashes.piece_bytes != 0 ? 1 : 0);
  return hashes.pieces.size() == pieces * sha256_bytes;
}

}  // namespace

Ledger::Ledger(const std::string& path, LedgerLimits limits) : limits_(limits) {
  auto opened = open(path);
  if (!opened && opened.error().code == Code::verification) {
    fault_ = opened.error();
    const std::string aside = path + broken_suffix;
    if (std::rename(path.c_str(), aside.c_str()) == 0) {
      // What belongs to the old one would break the new one.
      static_cast<void>(::unlink((path + "-wal").c_str()));
      static_cast<void>(::unlink((path + "-shm").c_str()));
      opened = open(path);
      if (opened) fault_->hint = "it lies at " + escaped(aside) + " now, and a new one was begun";
    }
  }
  if (opened) return;
  if (!fault_) fault_ = opened.error();
  database_.reset();
}

std::optional<FileHashes> Ledger::find(const FileVersion& version) {
  const std::lock_guard lock(mutex_);
  if (!database_) return std::nullopt;
  auto found = look_up(version);
  if (found) return std::move(*found);
  fault_ = found.error();
  return std::nullopt;
}

void Ledger::keep(const FileVersion& version, const FileHashes& hashes) {
  const std::lock_guard lock(mutex_);
  if (!database_) return;
  auto written = write(version, hashes);
  if (written) written = forget_oldest();
  if (!written) fault_ = written.error();
}

std::optional<Error> Ledger::take_fault() {
  const std::lock_guard lock(mutex_);
  return std::exchange(fault_, std::nullopt);
}

Result<void> Ledger::open(const std::string& path) {
  auto database = Database::open(path);
  if (!database) return fail(database.error());
  if (const auto made = database->run(ledger_schema); !made) return made;
  const struct {
    Statement& statement;
    const char* sql;
  } rows[] = {
      {find_,
       "SELECT sha256, piece_bytes, pieces FROM file_hashes"
       " WHERE device=?1 AND inode=?2 AND size=?3 AND modified_ns=?4"},
      {keep_,
       "INSERT OR REPLACE INTO file_hashes(device, inode, size, modified_ns, sha256, piece_bytes, pieces)"
       " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)"},
      {count_, "SELECT count(*), coalesce(sum(length(pieces)), 0) FROM file_hashes"},
      {forget_,
       "DELETE FROM file_hashes WHERE kept IN (SELECT kept FROM file_hashes ORDER BY kept LIMIT ?1)"},
  };
  for (const auto& row : rows) {
    auto prepared = database->prepare(row.sql);
    if (!prepared) return fail(prepared.error());
    row.statement = std::move(*prepared);
  }
  database_ = std::move(*database);
  return {};
}

Result<std::optional<FileHashes>> Ledger::look_up(const FileVersion& version) {
  const InUse use(find_);
  find_.bind(1, as_stored(version.device)).bind(2, as_stored(version.inode));
  find_.bind(3, as_stored(version.size)).bind(4, version.modified_ns);
  const auto row = find_.step();
  if (!row) return fail(row.error());
  if (!*row) return std::nullopt;
  FileHashes hashes{find_.bytes(0), static_cast<std::uint64_t>(find_.number(1)), find_.bytes(2)};
  if (!is_sound(hashes, version.size)) return std::nullopt;  // of another version of yam
  return hashes;
}

Result<void> Ledger::write(const FileVersion& version, const FileHashes& hashes) {
  const InUse use(keep_);
  keep_.bind(1, as_stored(version.device)).bind(2, as_stored(version.inode));
  keep_.bind(3, as_stored(version.size)).bind(4, version.modified_ns);
  keep_.bind(5, hashes.sha256).bind(6, as_stored(hashes.piece_bytes)).bind(7, hashes.pieces);
  const auto done = keep_.step();
  if (!done) return fail(done.error());
  return {};
}

Result<void> Ledger::forget_oldest() {
  // Counting reads all rows, so it is not done each time.
  if (kept_++ % (std::min<std::int64_t>(limits_.files_max / 16, keeps_between_counts) + 1) != 0) return {};
  std::int64_t files = 0;
  {
    const InUse use(count_);
    const auto row = count_.step();
    if (!row) return fail(row.error());
    files = count_.number(0);
    if (files <= limits_.files_max && count_.number(1) <= limits_.piece_bytes_max) return {};
  }
  // A sixteenth at once, so that it is rarely done.
  const InUse use(forget_);
  forget_.bind(1, std::max<std::int64_t>(1, files / 16));
  const auto done = forget_.step();
  if (!done) return fail(done.error());
  return {};
}

}  // namespace yam::store
