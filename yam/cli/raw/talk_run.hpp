#pragma once
// A talk from its first word to its last: what is typed is said, what is heard is shown, until one side has
// ended, has said the last word, or nobody says anything any more.

#include <string>

#include "yam/cli/raw/talk_screen.hpp"
#include "yam/service/exchange.hpp"
#include "yam/service/talk.hpp"
#include "yam/service/until_word.hpp"

namespace yam::cli {

struct TalkRules {
  TalkRules() = default;
  std::string until;             // the last word; empty: none
  Duration idle = Duration(-1);  // silence that ends it; negative: no limit
  std::string line_end;          // of messages, on the wire
  bool json = false;
};

class TalkRun {
 public:
  // `room` is `talk` when it goes over UDP, and null otherwise. All of them outlive the run.
  TalkRun(net::Loop& loop, service::Talk& talk, service::DatagramTalk* room, TalkScreen& screen,
          TalkRules rules, std::string peer);

  // How it ended; the peer has been told.
  net::Task<service::ExchangeEnd> run();

 private:
  using How = service::ExchangeEnd::How;

  net::Task<> hear();
  net::Task<> type();
  net::Task<Result<void>> say(std::string line);
  net::Task<Result<void>> obey(std::string command);
  net::Task<Result<void>> speak_to(std::string place);
  void tell_who();
  net::Task<Result<void>> show(service::TalkMessage message);
  bool is_last_word(std::string_view text);
  Time silence_deadline() const;
  void finish(How how, std::optional<Error> fault);

  net::Loop& loop_;
  service::Talk& talk_;
  service::DatagramTalk* room_;
  TalkScreen& screen_;
  TalkRules rules_;
  std::string peer_;
  service::UntilWord heard_word_;
  Time last_said_;
  bool input_ended_ = false;
  bool over_ = false;
  service::ExchangeEnd end_;
  net::Event news_;
  net::Scope tasks_;  // last: cancelled before what the tasks point at
};

}  // namespace yam::cli
