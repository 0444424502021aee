#pragma once
// The files of simulated ends, as drivers hold them: read whole, or as a pipe gives its bytes, and turned
// into netascii and back.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "yam/base/bytes.hpp"
#include "yam/base/random.hpp"
#include "yam/base/time.hpp"
#include "yam/proto/tftp/netascii.hpp"
#include "yam/proto/tftp/packet.hpp"
#include "yam/proto/tftp/sender.hpp"

namespace yam::proto::tftp::simulated {

// What goes out. One that grows tells its end late, and is read no further than the sender wants.
class Source {
 public:
  Source(std::string_view file, Mode mode, bool grows, std::uint64_t seed);

  void feed(Sender& sender, Time now);
  Time deadline(const Sender& sender) const;
  // Fails the test when the sender asks for what is not there yet, or was said to be needed no more.
  ByteView block(const Sender& sender, std::uint64_t number);

 private:
  void read(Time now);

  std::string_view file_;  // the end's own
  Mode mode_;
  bool grows_;
  Random fates_;
  std::size_t read_ = 0;
  bool ended_ = false;
  Time due_{};
  Bytes bytes_;  // that go out
  std::uint64_t kept_from_ = 0;
};

// What comes in.
class Sink {
 public:
  explicit Sink(Mode mode);

  void take(ByteView bytes, std::string& file);
  void end(std::string& file);

 private:
  std::optional<NetasciiDecoder> decoder_;
};

}  // namespace yam::proto::tftp::simulated
