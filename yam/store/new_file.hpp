#pragma once
// A file that is being received: it lies beside its future name as NAME.part (NAME.k3x9ab.part when that is
// taken), and appears under the name whole or not at all. Going without commit() or discard() leaves the
// `.part` where it is, as kill -9 would; it never touches a `.part` that it did not make itself.
//
// One thread at a time. commit() waits for the disk when it syncs: on a loop that has other connections, hand
// it to another thread.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>

#include "yam/base/bytes.hpp"
#include "yam/base/result.hpp"
#include "yam/net/loop/fd.hpp"
#include "yam/store/file_status.hpp"

namespace yam::store {

// What commit() does about a name that is taken. A symbolic link there counts as taken, and is what is
// replaced, not what it points to.
enum class IfExists : std::uint8_t {
  refuse,
  replace,
  number,  // NAME-2.ext, NAME-3.ext, … up to numbered_max
};
// Each number that is taken costs a failed rename of 2 µs (ext4): 2 ms for the last one.
inline constexpr unsigned numbered_max = 999;

struct NewFileOptions {
  IfExists if_exists = IfExists::refuse;
  // With IfExists::replace: what has the name must still be this, or commit() answers Code::refused.
  std::optional<FileStatus> expected = {};
  // Whether commit() returns only when the file and its name would survive a power cut. Measured with files
  // of 4 KiB on ext4: 0.4 to 9 ms a file with it, 0.1 to 0.2 ms without.
  bool sync = true;
  mode_t mode = 0666;  // less the umask
};

class NewFile {
 public:
  // As Folder::create_file, beneath the directory `root`, which is not needed afterwards. With a `mark`, the
  // `.part` has that mark, and Code::refused when there is one of that name.
  static Result<NewFile> create(int root, std::string_view name, NewFileOptions options,
                                std::string_view mark = {});

  // Goes on with the `.part` that a create() with this mark (or with none, as the first) left behind, at its
  // beginning. Code::not_found when there is none.
  static Result<NewFile> resume(int root, std::string_view name, NewFileOptions options,
                                std::string_view mark);

  // Where to write: a regular file, open for writing and reading, at its beginning. Borrowed, valid until
  // this object goes.
  int fd() const { return fd_.get(); }

  // A second descriptor for the same open file (one offset for both), for a stream that closes what it owns.
  // Code::local when the process is out of descriptors.
  Result<net::Fd> duplicate() const;

  // Writes all of it. Code::local: "cannot write "a.txt": no space left on device".
  Result<void> write(ByteView bytes);

  // Gives the file its name, and says which one it got, relative to the folder. When that fails the `.part`
  // stays, and commit() may be tried again: Code::refused when the name is taken, Code::local otherwise.
  Result<std::string> commit();

  // Removes the `.part`, if there still is one. Neither write() nor commit() may follow.
  Result<void> discard();

  // The name asked for, and that of the `.part`, both relative to the folder; not for after commit().
  std::string name() const { return folder_ + base_; }
  std::string part_name() const { return folder_ + part_; }

 private:
  NewFile(std::string_view name, NewFileOptions options);
  static Result<NewFile> begin(int root, std::string_view name, NewFileOptions options);
  Result<std::string> take_name();
  std::unexpected<Error> fail_to_write(int errno_value) const;

  std::string folder_;  // "a/b/", or empty
  std::string base_;
  std::string part_;  // empty once committed or discarded
  NewFileOptions options_;
  net::Fd parent_;
  net::Fd fd_;
};

}  // namespace yam::store
