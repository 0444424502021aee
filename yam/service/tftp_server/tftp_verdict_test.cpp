#include "yam/service/tftp_server/tftp_verdict.hpp"

#include <vector>

#include <gtest/gtest.h>

#include "yam/proto/tftp/sender.hpp"

namespace yam::service {
namespace {

using proto::tftp::End;

TftpStory ended(End end, std::string error = "") {
  TftpStory story;
  story.end = end;
  story.error = std::move(error);
  story.port = 40'000;
  return story;
}

TEST(TftpVerdict, SaysWhatBecameOfEachRequest) {
  struct Row {
    TftpStory story;
    std::string verdict;
  };
  std::vector<Row> rows;
  const auto row = [&](TftpStory story, std::string verdict) -> TftpStory& {
    return rows.emplace_back(std::move(story), std::move(verdict)).story;
  };
  row(ended(End::done), "whole");
  row(ended(End::done), "whole").statistics.requests = 2;
  row(ended(End::done), "whole, but the client asked 3 times: replies to it are lost or late")
      .statistics.requests = 3;
  TftpStory lossy = ended(End::done);
  lossy.statistics.timeouts = 1;
  lossy.statistics.retransmissions = 9;
  row(lossy, "whole, with 9 blocks sent again");
  lossy.statistics.gaps = 3;
  row(lossy, "whole, with 4 gaps asked for again").write = true;

  TftpStory probe = ended(End::peer_error, "the peer ended it: option refused");
  probe.asked_size = probe.sent_option_ack = probe.proved = true;
  for (const std::uint16_t code : {std::uint16_t{8}, std::uint16_t{0}}) {
    probe.statistics.peer_error = code;
    row(probe, "size probe by a firmware, normal");
  }
  row(probe, probe.error).asked_size = false;
  row(probe, probe.error).statistics.blocks = 1;
  row(probe, probe.error).statistics.peer_error = 3;
  row(probe, probe.error).write = true;

  row(ended(End::silent), "no ACK ever came: is UDP from port 40000 blocked?");
  row(ended(End::silent), "no DATA ever came: is UDP from port 40000 blocked?").write = true;
  row(ended(End::silent), "client asked 3 times: our replies do not reach it").statistics.requests = 3;
  TftpStory gave_up = ended(End::silent, "gave up at block 812 after 6 tries");
  gave_up.proved = true;
  row(gave_up, "gave up at block 812 after 6 tries");
  row(gave_up, "the last block was not acknowledged; the client may well have all").at_last_block = true;

  row(ended(End::broken, "block 3 has 600 bytes, though 512 were agreed"),
      "block 3 has 600 bytes, though 512 were agreed");
  row(ended(End::stopped, "the file changed while it was sent"), "the file changed while it was sent");
  TftpStory left = ended(End::stopped, "nobody is there");
  left.peer_gone = true;
  row(left, "nobody is there");
  row(left, "the last block was not acknowledged; the client may well have all").at_last_block = true;
  row(ended(End::none), "the client began anew").replaced = true;
  row(ended(End::none), "the server stopped").stopped = true;

  for (const Row& each : rows) {
    EXPECT_EQ(verdict_of(each.story), each.verdict);
    EXPECT_EQ(is_size_probe(each.story), each.verdict.starts_with("size probe"));
  }
}

// The answers of a short file to a client whose ACK is lost, until it is over: one to each request.
TftpStory told_to_nobody(unsigned repeats) {
  namespace tftp = proto::tftp;
  Time now{};
  tftp::Sender sender({}, now);
  sender.handle_source(5, true, now);
  unsigned answers = 0;
  const auto drain = [&] {
    while (sender.poll_output(now))
      ++answers;
  };
  drain();
  for (unsigned i = 0; i < repeats; ++i) {
    now += std::chrono::seconds(1);
    sender.handle_request_again(now);
    drain();
  }
  EXPECT_EQ(answers, repeats + 1);
  while (sender.end() == End::none) {
    now = sender.deadline();
    sender.handle_timeout(now);
    drain();
  }
  EXPECT_EQ(answers, repeats + 1);
  TftpStory story = ended(sender.end(), sender.error().what);
  story.statistics = sender.statistics();
  story.proved = sender.proved();
  story.at_last_block = true;
  return story;
}

TEST(TftpVerdict, AShortFileWhoseOnlyAckIsLostWasAnsweredAsOftenAsItWasAskedFor) {
  EXPECT_EQ(verdict_of(told_to_nobody(0)), "no ACK ever came: is UDP from port 40000 blocked?");
  EXPECT_EQ(verdict_of(told_to_nobody(2)), "client asked 3 times: our replies do not reach it");
}

}  // namespace
}  // namespace yam::service
