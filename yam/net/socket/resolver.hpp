#pragma once
// Names to addresses, by the system's own rules (getaddrinfo, so /etc/hosts, mDNS and nsswitch count). The
// lookup runs on a thread of its own; whoever waits may stop waiting at any time.

#include <string>
#include <vector>

#include "yam/base/address/ip.hpp"
#include "yam/net/loop/loop.hpp"

namespace yam::net {

// The addresses of `host`, in the system's order of preference (RFC 6724), at least one. Literals, with a
// zone by number or by interface name (fe80::1%eth0), are answered at once; an empty host is this machine.
// Code::not_found when there is no such name, Code::timeout when the system did not say in time.
Task<Result<std::vector<IpAddress>>> resolve(Loop& loop, std::string host, Time deadline);

}  // namespace yam::net
