#pragma once
// A file that comes in one go, made with few system calls: as NAME.part, which takes its name whole or not at
// all. Nobody goes on with it: what is not whole is removed. Whatever stands in its way is left to PartFile,
// which knows the exceptions, and the words.
//
// One thread.

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "yam/base/bytes.hpp"
#include "yam/net/loop/fd.hpp"
#include "yam/service/http_get/part_file.hpp"

namespace yam::service {

// The folder that the latest file went to, kept open for the next one.
class SmallFolder {
 public:
  struct Place {
    std::shared_ptr<const net::Fd> folder;  // shared by the files that are being written there
    std::string base;
  };
  // Absent when there is no such folder.
  std::optional<Place> find(const std::string& path);

 private:
  std::string path_;
  std::shared_ptr<const net::Fd> folder_;
};

class SmallFile {
 public:
  // Whether `path` may be made: it is free, or may be replaced.
  static bool is_free(SmallFolder& folder, const std::string& path, PartFile::Existing existing);
  // Absent when there is a .part already, or anything else stands in the way.
  static std::optional<SmallFile> create(SmallFolder& folder, const std::string& path,
                                         PartFile::Existing existing);
  SmallFile(SmallFile&& other) noexcept = default;
  SmallFile& operator=(SmallFile&&) = delete;
  ~SmallFile();

  // Code::local.
  Result<void> write(ByteView bytes);
  // False when the name cannot be had so.
  bool commit(std::optional<std::chrono::sys_seconds> modified);

 private:
  SmallFile(SmallFolder::Place place, std::string part, net::Fd fd, PartFile::Existing existing);

  SmallFolder::Place place_;
  std::string part_;
  net::Fd fd_;  // absent once it is whole, or was moved from
  PartFile::Existing existing_;
};

}  // namespace yam::service
