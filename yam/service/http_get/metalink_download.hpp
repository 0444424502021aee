#pragma once
// One file from several mirrors at once, as a Metalink describes it (RFC 5854). Ranges are spread over them;
// a piece is held against its hash as soon as it is whole, and a wrong one comes again from elsewhere. A
// mirror that is dead, slow or wrong is left, and that is said. What is there counts by its hash alone, so
// that an earlier run's part, or a file that was damaged, is gone on with whoever gave it.
//
// One loop. Cancelled, it keeps what can be gone on with.

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "yam/net/loop/event.hpp"
#include "yam/net/loop/scope.hpp"
#include "yam/service/http_get/http_download.hpp"
#include "yam/service/http_get/metalink_errand.hpp"

namespace yam::service {

class MetalinkDownload {
 public:
  static constexpr std::size_t at_once_default = 4;  // or as many as there are mirrors
  static constexpr std::uint64_t share_bytes_min = 1024 * 1024;
  static constexpr std::uint64_t share_bytes_max = 64 * 1024 * 1024;

  // Without a hash there is nothing to hold together what several give: HttpDownload is for that.
  static bool may_carry(const MetalinkErrand& errand) { return errand.hash || errand.pieces; }

  // `file`: a path. Secrets of `wish` go to the document's origin alone. The references outlive it.
  MetalinkDownload(HttpClient& client, const HttpWish& wish, const HttpGetRules& rules,
                   const MetalinkErrand& errand, std::string file, HttpGetReport& report);
  ~MetalinkDownload();
  MetalinkDownload(const MetalinkDownload&) = delete;
  MetalinkDownload& operator=(const MetalinkDownload&) = delete;

  // Once. Code::verification when what came is not what was promised; else as HttpDownload, with the fault of
  // the mirror that was left last.
  net::Task<Result<void>> run();

 private:
  struct Mirror {
    HttpUrl url;
    bool is_left = false;
    bool gives_all = false;  // and no ranges
    std::size_t at_work = 0;
    std::optional<double> rate = {};  // bytes a second, of what it gave last
  };
  struct Fault {
    Error error;
    bool again = false;  // it may well pass
    std::optional<Duration> wait = {};
  };
  // Somebody who fetches one span after the other.
  struct Worker {
    explicit Worker(net::Loop& loop) : task(loop) {}

    Mirror* mirror = nullptr;  // null: idle
    Span span;                 // what is left to do; its end may come nearer meanwhile
    Time since{};
    std::uint64_t bytes = 0;  // since then
    std::optional<Fault> fault;
    net::Scope task;
  };
  class Meter;

  // ---- What is here already (metalink_present.cpp).
  net::Task<Result<bool>> take_present();
  net::Task<Result<bool>> repair(int file, std::uint64_t file_bytes);
  net::Task<Result<void>> take_over_part();
  Result<void> open_part(PartFile::Existing existing);
  Result<void> note_good(const std::vector<std::size_t>& good);

  // ---- Who does what next (metalink_download.cpp).
  net::Task<Result<void>> find_size();
  net::Task<Result<void>> fetch();
  net::Task<Result<void>> finish();
  void end_work();
  void share_out();
  bool begin(Worker& worker);
  bool relieve();
  Mirror* best_mirror();
  std::optional<Error> judge(Worker& worker);
  void leave(Mirror& mirror, const std::string& words);
  std::size_t mirrors_left() const;

  // ---- One answer (metalink_mirror.cpp).
  net::Task<> carry(Worker& worker);
  net::Task<std::optional<Fault>> carry_span(Worker& worker);
  net::Task<std::optional<Fault>> take(HttpConnection& connection, Worker& worker);
  net::Task<std::optional<Fault>> take_all(HttpConnection& connection, Worker& worker);
  net::Task<std::optional<Fault>> take_piece(HttpConnection& connection, net::Stream& file, Worker& worker,
                                             Span span);
  using Answered = std::expected<std::unique_ptr<HttpConnection>, Fault>;
  net::Task<Answered> ask(Mirror& mirror, std::optional<Span> span);
  std::uint64_t step_end(std::uint64_t at) const;

  Ledger& ledger() { return part_->ledger(); }
  std::uint64_t size() const { return *report_.size_bytes; }
  void say(const std::string& words) const;

  HttpClient& client_;
  const HttpGetRules& rules_;
  const MetalinkErrand& errand_;
  std::shared_ptr<const proto::metalink::Pieces> pieces_;  // null: none; shared with threads that check them
  HttpWish home_, foreign_;
  std::string file_;
  HttpGetReport& report_;
  std::string tag_;  // stands for the content, as an entity tag would
  std::unique_ptr<PartFile> part_;
  std::optional<PartSync> sync_;
  std::deque<Mirror> mirrors_;
  std::deque<Span> left_;  // nobody is at it
  std::optional<Error> last_fault_;
  unsigned tries_ = 0;  // of the last mirror, since something came
  Time due_{};          // not before
  bool is_done_ = false;
  net::Event news_;
  std::deque<Worker> workers_;
};

}  // namespace yam::service
