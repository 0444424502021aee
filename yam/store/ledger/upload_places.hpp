#pragma once
// Where uploads that are not finished stand on other people's servers, so that a later run goes on with them:
// a file here, as it was, and its target lead to the URL that the server gave the upload. A help and no more:
// where the database cannot be used, nothing is known and nothing is kept, and an upload begins anew.
//
// One thread at a time; 10 to 50 µs a call, or Database::busy_wait_ms where others write.

#include <cstdint>
#include <optional>
#include <string>

#include "yam/base/result.hpp"
#include "yam/store/ledger/database.hpp"
#include "yam/store/ledger/file_hash.hpp"

namespace yam::store {

inline constexpr std::int64_t upload_places_max = 10'000;  // beyond, those that were kept first go

struct UploadKey {
  std::string target;   // the URL that was asked for
  std::string file;     // an absolute path
  FileVersion version;  // of that file

  bool operator==(const UploadKey&) const = default;
};

class UploadPlaces {
 public:
  // At `path`, a database of its own. It always opens: take_fault() says what went wrong.
  explicit UploadPlaces(const std::string& path, std::int64_t places_max = upload_places_max);

  // Absent also for another version of the file.
  std::optional<std::string> find(const UploadKey& key);
  // Replaces what was known of that file and target.
  void keep(const UploadKey& key, const std::string& url);
  void forget(const UploadKey& key);

  std::optional<Error> take_fault();

 private:
  Result<void> open(const std::string& path);
  Result<std::optional<std::string>> look_up(const UploadKey& key);
  Result<void> write(const UploadKey& key, const std::string& url);

  std::int64_t places_max_;
  std::optional<Error> fault_;
  std::optional<Database> database_;
  Statement find_, keep_, forget_, trim_;
};

}  // namespace yam::store
