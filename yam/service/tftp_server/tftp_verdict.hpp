#pragma once
// What became of a request, in words that an operator can act on. A pure function of what was seen.

#include <cstdint>
#include <string>

#include "yam/proto/tftp/transfer.hpp"

namespace yam::service {

// What a server knows of a transfer when it is over.
struct TftpStory {
  bool write = false;
  bool asked_size = false;       // with tsize
  bool sent_option_ack = false;  // the transfer opened with an OACK
  bool proved = false;           // the client has answered us
  bool at_last_block = false;    // a read: all of it was sent at least once
  bool peer_gone = false;        // its machine says that nobody is there
  bool replaced = false;         // the same client asked for something else meanwhile
  bool stopped = false;          // the server stopped
  std::uint16_t port = 0;        // that we sent from
  proto::tftp::End end = proto::tftp::End::none;
  std::string error;  // the words of an end that is not `done`
  proto::tftp::Statistics statistics;
};

// A firmware that asks for the size and then begins anew: it ends the OACK with an ERROR.
bool is_size_probe(const TftpStory& story);

std::string verdict_of(const TftpStory& story);

}  // namespace yam::service
