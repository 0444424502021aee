#pragma once
// What `yam send` tells: how receivers get it, who fetches what, and how it ended; in words on stderr, or as
// JSON lines on stdout.

#include <string>

#include "yam/cli/progress.hpp"
#include "yam/service/http_send/sending.hpp"

namespace yam::cli {

class SendVoice final : public service::ServerObserver {
 public:
  struct Options {
    bool json = false, verbose = false, qr = true;
  };
  explicit SendVoice(const Options& options) : options_(options) {}

  // Faults of the server, and who was turned away.
  void handle_event(const service::ServerEvent& event) override;
  void handle(const service::SendEvent& event);

  void announce(const service::Sending& sending);
  void tell_left_out(const std::vector<Error>& faults);
  void tell_end(const service::Sending& sending, const Result<>& outcome, std::size_t cut_off, int status);
  // So many receivers are waited for; 0: any number.
  void set_wanted(std::uint64_t receivers) { wanted_ = receivers; }
  // Erased before something is said; null: none.
  void set_progress(Progress* progress) { progress_ = progress; }

 private:
  void say(const std::string& words);

  Options options_;
  std::uint64_t wanted_ = 0;
  Progress* progress_ = nullptr;
};

}  // namespace yam::cli
