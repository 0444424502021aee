#pragma once
// Which connections receive uploads at present, on whichever loop: whoever comes for the same upload, since
// his connection of before is silently dead, need not wait until the server notices.
//
// Any thread. It outlives the loops.

#include <map>
#include <mutex>
#include <string>

#include "yam/base/time.hpp"
#include "yam/net/loop/loop.hpp"

namespace yam::service {

class Visit;

class TusHolders {
 public:
  // So long a holder may receive nothing until another takes its upload over.
  static constexpr Duration silence_max = std::chrono::seconds(2);

  // While `visit` receives the upload. For its loop.
  class Hold {
   public:
    Hold(TusHolders& holders, std::string id, Visit& visit);
    ~Hold();
    Hold(const Hold&) = delete;
    Hold& operator=(const Hold&) = delete;

    void handle_progress();

   private:
    TusHolders& holders_;
    std::string id_;
    Visit& visit_;
  };

  // Breaks the connection off that has the upload and has been silent for too long; true until it has let go.
  bool ask_to_let_go(const std::string& id, Time now);

 private:
  struct Holder {
    Visit* visit;
    net::Loop* loop;
    Time heard;  // when anything came last
    bool is_asked = false;
  };

  std::mutex mutex_;
  std::map<std::string, Holder> holders_;
};

}  // namespace yam::service
