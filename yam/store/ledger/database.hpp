#pragma once
// A database of SQLite: one connection, one thread at a time. Its words are SQL's; what they mean is for who
// uses it.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "yam/base/bytes.hpp"
#include "yam/base/result.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace yam::store {

// One statement of SQL, for as many uses as one likes: bind, step, read, reset. Outlived by its database.
class Statement {
 public:
  Statement() = default;

  Statement& bind(int index, std::int64_t value);  // indices from 1 on
  Statement& bind(int index, ByteView value);      // borrowed until reset()
  // True while there is a row. Code::local for faults.
  Result<bool> step();
  void reset();

  std::int64_t number(int column) const;  // columns from 0 on
  Bytes bytes(int column) const;

 private:
  friend class Database;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  explicit Statement(sqlite3_stmt* statement) : statement_(statement) {}

  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

class Database {
 public:
  // How long a call waits for another process that writes.
  static constexpr int busy_wait_ms = 50;

  // Opens or makes it, for its owner alone, in WAL mode. Code::verification when what is there is no
  // database or a broken one, Code::local for the rest.
  static Result<Database> open(const std::string& path);

  Result<Statement> prepare(std::string_view sql);
  Result<void> run(const std::string& sql);  // statements without rows or values

 private:
  struct Close {
    void operator()(sqlite3* database) const;
  };

  std::unique_ptr<sqlite3, Close> database_;
};

}  // namespace yam::store
