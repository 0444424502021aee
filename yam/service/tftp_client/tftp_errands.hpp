#pragma once
// Runs a client's errands side by side, so many at once, begun in their order. What goes wrong with one
// leaves the others alone. Cancelled, it tells each server, and leaves nothing behind of what is not whole.
//
// One loop.

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "yam/net/loop/loop.hpp"
#include "yam/service/tftp_client/tftp_client.hpp"
#include "yam/service/tftp_client/tftp_errand.hpp"

namespace yam::service {

class TftpErrands {
 public:
  static constexpr std::size_t at_once_default = 4;
  static constexpr std::size_t at_once_max = 64;

  struct Setup {
    bool write = false;  // uploads
    TftpWish wish = {};
    Download::Existing existing = Download::Existing::kept;
    std::size_t at_once = at_once_default;  // of those that share stdout or a port, one
  };
  // An errand that is over, well or not.
  struct Ended {
    const TftpErrand& errand;
    const TftpReport& report;
    const Result<void>& outcome;
  };
  using Observer = std::function<void(const Ended&)>;

  TftpErrands(net::Loop& loop, std::vector<TftpErrand> errands, Setup setup, Observer observer);
  ~TftpErrands();

  // All of them. What went wrong first in their order, not in time, is the result; the observer has heard of
  // each. Once, and within the life of this.
  net::Task<Result<void>> run();

  // As it is now, for who watches.
  struct Progress {
    std::size_t ended = 0;
    std::size_t all = 0;
    std::uint64_t bytes = 0;
    std::optional<std::uint64_t> size_bytes;  // once that of each is known
  };
  Progress progress() const;

 private:
  struct Running;

  net::Task<> work();
  net::Task<> run_one(Running& running);
  net::Task<Result<void>> get(Running& running);
  net::Task<Result<void>> put(Running& running);

  net::Loop& loop_;
  Setup setup_;
  Observer observer_;
  std::vector<Running> errands_;
  std::size_t next_ = 0;
};

}  // namespace yam::service
