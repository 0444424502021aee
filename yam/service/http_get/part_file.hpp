#pragma once
// Where a download grows: NAME.part with its ledger NAME.part.yam beside it, and in the end the file itself,
// whole or not at all. Unlike store::NewFile it can be gone on with by a later run; a .part without a ledger
// of ours is somebody else's, and stays as it is.
//
// One thread; two programs cannot write to the same .part.

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "yam/net/fd_stream.hpp"
#include "yam/service/http_get/ledger.hpp"

namespace yam::service {

class PartFile {
 public:
  enum class Existing : bool { kept, replaced };

  // Code::local for whatever this machine does not allow, a taken name and a .part that another yam writes to
  // among it. An earlier run's .part is taken over, with what its ledger says of it.
  static Result<std::unique_ptr<PartFile>> open(const std::string& path, Existing existing);
  // Writes the ledger as it stands, or removes everything when it has no tag to go on by.
  ~PartFile();
  PartFile(const PartFile&) = delete;
  PartFile& operator=(const PartFile&) = delete;

  const std::string& path() const { return path_; }
  std::string part_path() const { return folder_ + part_; }

  // What is there, and of what. Set it up, and keep it true; save() now and then.
  Ledger& ledger() { return ledger_; }
  bool can_go_on() const { return !ledger_.tag.empty() && !ledger_.there.empty(); }
  Result<void> save();

  // For the disk to have it: begin_sync() on the loop, Sync::run() on any thread, end_sync() on the loop. The
  // ledger that lies there in the end says that what is there now is on the disk. One at a time.
  class Sync {
   public:
    Result<void> run();

   private:
    friend class PartFile;
    net::Fd part_, ledger_;  // of their own, so that it may outlive the PartFile
    std::string text_;
  };
  Result<Sync> begin_sync();
  void end_sync(bool did_well);

  // `span` is not there any more, or not what it should be.
  void forget(Span span);

  // From here on bytes are only added behind what is there, or (false) anywhere.
  Result<void> write_in_order(bool in_order);
  // Nothing is there any more, and nothing is known.
  Result<void> restart();

  // For writing from `offset` on, by itself.
  Result<std::unique_ptr<net::FdStream>> writer(net::Loop& loop, std::uint64_t offset) const;
  int fd() const { return fd_.get(); }  // for reading; borrowed

  // Gives the file its name, and its time when there is one. Code::local when that cannot be.
  Result<void> commit(std::optional<std::chrono::sys_seconds> modified);
  // Removes the .part and its ledger.
  void discard();

 private:
  PartFile(std::string path, Existing existing);
  Result<void> take_over();
  Result<void> create();
  Result<bool> reopen();
  bool is_ours();
  std::string check_of_last_span() const;
  std::unexpected<Error> fail_to_write(int errno_value) const;

  std::string path_, folder_, base_, part_;
  Existing existing_;
  net::Fd parent_, fd_;
  Ledger ledger_;
  std::string saved_;               // what the ledger's file says
  std::optional<SpanSet> syncing_;  // while it is synced: what was there
  bool was_forgotten_ = false;      // any of it, since
};

// This kernel's run, from its start to its end; empty where it does not say.
std::string boot_id();

}  // namespace yam::service
