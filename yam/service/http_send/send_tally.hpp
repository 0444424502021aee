#pragma once
// Who has received what. A receiver is a whole copy: an address has everything once every byte of every item
// went out to it, over any number of connections and in any number of pieces, and it counts as two once every
// byte went out twice. So a download that was cut and went on counts once, and two receivers behind one
// address count as two. Pure: what went out comes in, what that made whole comes out.

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "yam/base/address/ip.hpp"
#include "yam/service/http_send/byte_counts.hpp"

namespace yam::service {

// Counters, and the least of them.
class LeastOf {
 public:
  explicit LeastOf(std::size_t count) : counts_(count), left_(count) {}

  // One more at `index`; true when the least of all rises by that.
  bool raise(std::size_t index) {
    const bool rises = is_last(index);
    if (counts_[index]++ == least_) --left_;
    if (rises) begin_level();
    return rises;
  }
  // Whether raise() would give true.
  bool is_last(std::size_t index) const { return counts_[index] == least_ && left_ == 1; }

 private:
  void begin_level();

  std::vector<std::uint32_t> counts_;
  std::uint32_t least_ = 0;
  std::size_t left_;  // of them, that are no more than the least
};

class SendTally {
 public:
  static constexpr std::size_t peers_max = 1000;  // addresses

  // Of one file: which of its versions, and how long that is.
  struct Version {
    std::uint64_t inode = 0, size = 0;
    std::int64_t modified = 0;  // nanoseconds

    bool operator==(const Version&) const = default;
  };
  // What something that went out has made whole.
  struct Gain {
    bool file = false, item = false, everything = false;
  };

  // How many files each item has, at least one.
  explicit SendTally(std::vector<std::size_t> files) : files_(std::move(files)) {}

  // False for a peer that is one too many: it is not to get anything. The others begin with that.
  bool take_in(const IpAddress& peer);
  // Whether that file may be all that the peer still lacks.
  bool may_end_with(const IpAddress& peer, std::size_t item, std::size_t file);

  // A piece of a file went out to a peer.
  Gain add(const IpAddress& peer, std::size_t item, std::size_t file, const Version& version,
           std::uint64_t first, std::uint64_t bytes);
  // An item as one archive or stream.
  Gain add_whole(const IpAddress& peer, std::size_t item);

  // Whole copies of everything, to all peers together.
  std::uint64_t receivers() const { return receivers_; }

 private:
  struct Pieces {
    Version version;
    ByteCounts counts;
  };
  struct Item {
    explicit Item(std::size_t count) : files(count) {}

    LeastOf files;                         // whole
    std::map<std::size_t, Pieces> pieces;  // of files that are under way
  };
  struct Peer {
    explicit Peer(const std::vector<std::size_t>& counts)
        : items(counts.begin(), counts.end()), whole(counts.size()) {}

    std::vector<Item> items;
    LeastOf whole;
  };

  Peer& peer_at(const IpAddress& address);

  std::vector<std::size_t> files_;
  std::map<IpAddress, Peer> peers_;
  std::uint64_t receivers_ = 0;
};

}  // namespace yam::service
