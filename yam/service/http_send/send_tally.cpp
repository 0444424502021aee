#include "yam/service/http_send/send_tally.hpp"

#include <algorithm>
#include <utility>

namespace yam::service {

void LeastOf::begin_level() {
  ++least_;
  left_ = static_cast<std::size_t>(std::ranges::count(counts_, least_));
}

bool SendTally::take_in(const IpAddress& peer) {
  if (peers_.size() == peers_max) return peers_.contains(peer);
  peer_at(peer);
  return true;
}

bool SendTally::may_end_with(const IpAddress& address, std::size_t item, std::size_t file) {
  const Peer& peer = peer_at(address);
  return peer.whole.is_last(item) && peer.items[item].files.is_last(file);
}

SendTally::Gain SendTally::add(const IpAddress& peer, std::size_t item, std::size_t file,
                               const Version& version, std::uint64_t first, std::uint64_t bytes) {
  Item& of = peer_at(peer).items[item];
  const bool is_all = first == 0 && bytes == version.size;
  auto at = of.pieces.find(file);
  if (at != of.pieces.end() && at->second.version != version) at = (of.pieces.erase(at), of.pieces.end());
  if (!is_all) {
    if (at == of.pieces.end()) at = of.pieces.emplace(file, Pieces{version, ByteCounts(version.size)}).first;
    at->second.counts.add(first, bytes);
    if (!at->second.counts.take_whole()) return {};
  }
  if (!of.files.raise(file)) return {.file = true};
  Gain gain = add_whole(peer, item);
  gain.file = true;
  return gain;
}

SendTally::Gain SendTally::add_whole(const IpAddress& peer, std::size_t item) {
  const bool everything = peer_at(peer).whole.raise(item);
  if (everything) ++receivers_;
  return {.item = true, .everything = everything};
}

SendTally::Peer& SendTally::peer_at(const IpAddress& address) {
  return peers_.try_emplace(address, files_).first->second;
}

}  // namespace yam::service
