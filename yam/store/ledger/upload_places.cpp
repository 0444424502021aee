#include "yam/store/ledger/upload_places.hpp"

#include <utility>

#include "yam/base/bytes.hpp"

namespace yam::store {

namespace {

constexpr const char* places_schema =
    "CREATE TABLE IF NOT EXISTS upload_places("
    " kept INTEGER PRIMARY KEY AUTOINCREMENT, target BLOB NOT NULL, file BLOB NOT NULL,"
    " device INTEGER NOT NULL, inode INTEGER NOT NULL, size INTEGER NOT NULL, modified_ns INTEGER NOT NULL,"
    " url BLOB NOT NULL, UNIQUE(target, file))";

std::int64_t all_bits(std::uint64_t value) {
  return static_cast<std::int64_t>(value);
}

void bind_version(Statement& statement, const FileVersion& version) {
  statement.bind(3, all_bits(version.device)).bind(4, all_bits(version.inode));
  statement.bind(5, all_bits(version.size)).bind(6, version.modified_ns);
}

}  // namespace

UploadPlaces::UploadPlaces(const std::string& path, std::int64_t places_max) : places_max_(places_max) {
  if (auto opened = open(path); !opened) {
    fault_ = opened.error();
    database_.reset();
  }
}

std::optional<std::string> UploadPlaces::find(const UploadKey& key) {
  if (!database_) return std::nullopt;
  auto found = look_up(key);
  find_.reset();
  if (found) return std::move(*found);
  fault_ = found.error();
  return std::nullopt;
}

void UploadPlaces::keep(const UploadKey& key, const std::string& url) {
  if (!database_) return;
  auto written = write(key, url);
  keep_.reset();
  trim_.reset();
  if (!written) fault_ = written.error();
}

void UploadPlaces::forget(const UploadKey& key) {
  if (!database_) return;
  forget_.bind(1, bytes_of(key.target)).bind(2, bytes_of(key.file));
  const auto done = forget_.step();
  forget_.reset();
  if (!done) fault_ = done.error();
}

std::optional<Error> UploadPlaces::take_fault() {
  return std::exchange(fault_, std::nullopt);
}

Result<void> UploadPlaces::open(const std::string& path) {
  auto database = Database::open(path);
  if (!database) return fail(database.error());
  if (const auto made = database->run(places_schema); !made) return made;
  const struct {
    Statement& statement;
    const char* sql;
  } rows[] = {
      {find_,
       "SELECT url FROM upload_places WHERE target=?1 AND file=?2"
       " AND device=?3 AND inode=?4 AND size=?5 AND modified_ns=?6"},
      {keep_,
       "INSERT OR REPLACE INTO upload_places(target, file, device, inode, size, modified_ns, url)"
       " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)"},
      {forget_, "DELETE FROM upload_places WHERE target=?1 AND file=?2"},
      {trim_,
       "DELETE FROM upload_places WHERE kept <= (SELECT kept FROM upload_places"
       " ORDER BY kept DESC LIMIT 1 OFFSET ?1)"},
  };
  for (const auto& row : rows) {
    auto prepared = database->prepare(row.sql);
    if (!prepared) return fail(prepared.error());
    row.statement = std::move(*prepared);
  }
  database_ = std::move(*database);
  return {};
}

Result<std::optional<std::string>> UploadPlaces::look_up(const UploadKey& key) {
  find_.bind(1, bytes_of(key.target)).bind(2, bytes_of(key.file));
  bind_version(find_, key.version);
  const auto row = find_.step();
  if (!row) return fail(row.error());
  if (!*row) return std::nullopt;
  return string_of(find_.bytes(0));
}

Result<void> UploadPlaces::write(const UploadKey& key, const std::string& url) {
  keep_.bind(1, bytes_of(key.target)).bind(2, bytes_of(key.file));
  bind_version(keep_, key.version);
  keep_.bind(7, bytes_of(url));
  if (const auto done = keep_.step(); !done) return fail(done.error());
  trim_.bind(1, places_max_);
  if (const auto done = trim_.step(); !done) return fail(done.error());
  return {};
}

}  // namespace yam::store
