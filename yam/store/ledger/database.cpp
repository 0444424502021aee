#include "yam/store/ledger/database.hpp"

#include <cassert>
#include <fcntl.h>
#include <sqlite3.h>

#include "yam/base/text.hpp"
#include "yam/net/loop/fd.hpp"

namespace yam::store {

namespace {

std::unexpected<Error> fail_database(sqlite3* database, const std::string& what) {
  const int code = sqlite3_errcode(database) & 0xff;
  const bool broken = code == SQLITE_CORRUPT || code == SQLITE_NOTADB;
  return fail(broken ? Code::verification : Code::local, what + ": " + sqlite3_errmsg(database));
}

}  // namespace

void Statement::Finalize::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

Statement& Statement::bind(int index, std::int64_t value) {
  [[maybe_unused]] const int bound = sqlite3_bind_int64(statement_.get(), index, value);
  assert(bound == SQLITE_OK);
  return *this;
}

Statement& Statement::bind(int index, ByteView value) {
  // An empty view may have no address, which SQLite would take for NULL.
  const void* data = value.empty() ? "" : static_cast<const void*>(value.data());
  [[maybe_unused]] const int bound =
      sqlite3_bind_blob64(statement_.get(), index, data, value.size(), SQLITE_STATIC);
  assert(bound == SQLITE_OK);
  return *this;
}

Result<bool> Statement::step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return fail_database(sqlite3_db_handle(statement_.get()), "cannot use the ledger");
}

void Statement::reset() {
  sqlite3_reset(statement_.get());  // what it returns is the fault that step() has told already
  sqlite3_clear_bindings(statement_.get());
}

std::int64_t Statement::number(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

Bytes Statement::bytes(int column) const {
  const auto* data = static_cast<const std::byte*>(sqlite3_column_blob(statement_.get(), column));
  if (data == nullptr) return {};
  return {data, data + sqlite3_column_bytes(statement_.get(), column)};
}

void Database::Close::operator()(sqlite3* database) const {
  sqlite3_close_v2(database);
}

Result<Database> Database::open(const std::string& path) {
  const std::string what = "cannot open " + escaped(path);
  // SQLite would make it as the umask says; its other files take their mode from this one.
  if (!net::Fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0600)))
    return fail_os(what, errno);
  sqlite3* opened = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE;
  const int code = sqlite3_open_v2(path.c_str(), &opened, flags, nullptr);
  Database database;
  database.database_.reset(opened);
  if (opened == nullptr) return fail(Code::local, what + ": out of memory");
  if (code != SQLITE_OK) return fail_database(opened, what);
  sqlite3_busy_timeout(opened, busy_wait_ms);
  // NORMAL: a power cut may take the last rows, and breaks nothing.
  const auto ready =
      database.run("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-1024");
  if (!ready) return fail(ready.error().code, what + ": " + ready.error().what);
  return database;
}

Result<Statement> Database::prepare(std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v3(database_.get(), sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  Statement prepared(statement);
  if (code != SQLITE_OK) return fail_database(database_.get(), "cannot use the ledger");
  return prepared;
}

Result<void> Database::run(const std::string& sql) {
  if (sqlite3_exec(database_.get(), sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK) return {};
  return fail_database(database_.get(), "cannot use the ledger");
}

}  // namespace yam::store
