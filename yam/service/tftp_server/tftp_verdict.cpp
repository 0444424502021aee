#include "yam/service/tftp_server/tftp_verdict.hpp"

#include <fmt/format.h>

namespace yam::service {

namespace tftp = proto::tftp;

namespace {

constexpr const char* unacknowledged = "the last block was not acknowledged; the client may well have all";

std::string verdict_of_whole(const TftpStory& story) {
  const tftp::Statistics& seen = story.statistics;
  if (seen.requests > 2)
    return fmt::format("whole, but the client asked {} times: replies to it are lost or late", seen.requests);
  if (seen.gaps == 0 && seen.timeouts == 0) return "whole";
  if (story.write) return fmt::format("whole, with {} gaps asked for again", seen.gaps + seen.timeouts);
  return fmt::format("whole, with {} blocks sent again", seen.retransmissions);
}

std::string verdict_of_silence(const TftpStory& story) {
  if (story.proved && story.at_last_block) return unacknowledged;
  if (story.proved) return story.error;  // "gave up at block 812 after 6 tries"
  if (story.statistics.requests > 1)
    return fmt::format("client asked {} times: our replies do not reach it", story.statistics.requests);
  return fmt::format("no {} ever came: is UDP from port {} blocked?", story.write ? "DATA" : "ACK",
                     story.port);
}

}  // namespace

// Code 8 is RFC 2347's word for it; firmware of the days before says 0.
bool is_size_probe(const TftpStory& story) {
  const auto code = story.statistics.peer_error;
  return story.end == tftp::End::peer_error && !story.write && story.asked_size && story.sent_option_ack &&
         story.statistics.blocks == 0 && (code == 8 || code == 0);
}

std::string verdict_of(const TftpStory& story) {
  if (is_size_probe(story)) return "size probe by a firmware, normal";
  switch (story.end) {
    case tftp::End::done:
      return verdict_of_whole(story);
    case tftp::End::silent:
      return verdict_of_silence(story);
    case tftp::End::none:
      if (story.replaced) return "the client began anew";
      return story.stopped ? "the server stopped" : "it goes on";
    default:
      return story.peer_gone && story.at_last_block ? unacknowledged : story.error;
  }
}

}  // namespace yam::service
