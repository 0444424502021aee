#pragma once
// What is told while files are sent. Texts come as they are: who shows them escapes them.

#include <cstdint>
#include <functional>
#include <string>

#include "yam/base/address/ip.hpp"
#include "yam/base/result.hpp"
#include "yam/base/time.hpp"

namespace yam::service {

struct SendEvent {
  enum class Kind : std::uint8_t {
    began,       // the first time that this peer asks for something of the item `name`
    file,        // a file of a folder, `name` with its folder, went out whole
    item,        // all of the item went out
    cut,         // an answer broke off after `bytes`, for what `error` says
    everything,  // the peer has everything: `receivers` have now
  };

  Kind kind = Kind::began;
  IpAddress peer;
  std::string name;
  std::uint64_t bytes = 0;
  std::uint64_t receivers = 0;
  Duration took = Duration::zero();  // since it began
  Error error = {};
};

using SendTeller = std::function<void(const SendEvent&)>;

}  // namespace yam::service
