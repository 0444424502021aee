#pragma once
// The unfinished uploads of a served folder, which survive whoever receives them: kill -9 at any moment
// leaves what had come.
//
// The bytes lie beside the name that they will have, as NAME.<id>.part, so that the last step is a rename in
// one directory: the state folder, or one folder for all, may be on another file system, where that step
// would be a copy. What belongs to them is written down in the folder ".yam.part" of the served one: nobody
// reaches or sees it by name, and it moves along when the served folder is moved, mounted elsewhere or served
// by another user.
//
// Any thread, and several processes: who holds an OpenUpload has it to himself. The calls wait for the disk.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "yam/base/result.hpp"
#include "yam/store/folder.hpp"
#include "yam/store/new_file.hpp"
#include "yam/store/upload/upload_record.hpp"

namespace yam::store {

inline constexpr std::size_t uploads_max = 2000;  // unfinished ones in one served folder
inline constexpr std::size_t record_bytes_max = 64 * 1024;

// An upload that takes bytes: `file` stands at `offset`, and nobody else has it meanwhile.
struct OpenUpload {
  UploadRecord record;
  std::uint64_t offset = 0;
  NewFile file;
};

// What there is of one.
struct UploadState {
  UploadRecord record;
  std::uint64_t offset = 0;  // bytes that count
};

class UploadStore {
 public:
  // `served` outlives it. Nothing is made before the first upload.
  explicit UploadStore(const Folder& served, bool sync = true) : served_(served), sync_(sync) {}

  // Code::refused when the name is taken and the record's rule is to refuse, Code::timeout when there are
  // uploads_max; else as Folder::create_file.
  Result<UploadId> create(const UploadRecord& record) const;

  // Code::not_found when there is none, or what is written of it is broken.
  Result<UploadState> look(const UploadId& id) const;

  // Absent while somebody else has it, or once it is finished. Code::not_found.
  Result<std::optional<OpenUpload>> open(const UploadId& id) const;

  // Writes the record anew. Of one that is finished it goes to the others that are, which do not count.
  Result<void> note(const UploadId& id, const UploadRecord& record) const;

  // The bytes and the record; it is no fault when they are gone. What has its name already keeps it.
  Result<void> remove(const UploadId& id) const;

  // What has come of those that are not finished.
  Held held() const;

  // Those that expired before `now` and that nobody has open. How many it was.
  std::size_t remove_expired(std::chrono::sys_seconds now) const;

 private:
  enum class Shelf : std::uint8_t { unfinished, finished };
  std::vector<UploadId> ids(Shelf shelf) const;
  Result<UploadRecord> read_record(const UploadId& id) const;
  Result<NewFile> resume(const UploadId& id, const UploadRecord& record) const;
  Result<void> check_room() const;
  bool has_its_name(const UploadRecord& record) const;

  const Folder& served_;
  bool sync_;
};

}  // namespace yam::store
