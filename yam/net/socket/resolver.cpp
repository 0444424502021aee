#include "yam/net/socket/resolver.hpp"

#include <algorithm>
#include <cctype>
#include <net/if.h>
#include <netdb.h>

#include "yam/net/loop/elsewhere.hpp"
#include "yam/net/socket/socket_address.hpp"

namespace yam::net {

namespace {

// Nothing interrupts getaddrinfo: it is for a thread that may outlive who asks.
Result<std::vector<IpAddress>> look_up(const std::string& host) {
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;  // one answer an address, not one a protocol
  addrinfo* found = nullptr;
  const int error = ::getaddrinfo(host.c_str(), nullptr, &wanted, &found);
  std::vector<IpAddress> addresses;
  for (const addrinfo* each = found; each != nullptr; each = each->ai_next) {
    SocketAddress address;
    std::copy_n(reinterpret_cast<const char*>(each->ai_addr), each->ai_addrlen,
                reinterpret_cast<char*>(address.mutable_get()));
    address.set_size(each->ai_addrlen);
    if (const auto place = address.ip()) addresses.push_back(place->address);
  }
  if (found != nullptr) ::freeaddrinfo(found);
  if (error == 0 && !addresses.empty()) return addresses;
  std::string why = error != 0 ? ::gai_strerror(error) : "no address";
  why[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(why[0])));
  return fail(Code::not_found, "cannot find " + host + ": " + why);
}

// A literal needs no lookup. A zone may be an interface's name here, where interfaces are known.
std::optional<IpAddress> literal(const std::string& host) {
  if (auto address = IpAddress::parse(host)) return *address;
  const auto percent = host.find('%');
  if (percent == std::string::npos) return std::nullopt;
  const unsigned index = ::if_nametoindex(host.c_str() + percent + 1);
  if (index == 0) return std::nullopt;
  auto address = IpAddress::parse(host.substr(0, percent + 1) + std::to_string(index));
  return address ? std::optional(*address) : std::nullopt;
}

}  // namespace

Task<Result<std::vector<IpAddress>>> resolve(Loop& loop, std::string host, Time deadline) {
  if (host.empty()) host = "localhost";
  if (const auto address = literal(host)) co_return std::vector{*address};

  Elsewhere<std::vector<IpAddress>> looking(loop);
  if (auto begun = looking.begin([host] { return look_up(host); }); !begun)
    co_return fail(begun.error().code, "cannot look up " + host + ": " + begun.error().what);
  const bool answered = co_await looking.wait(deadline);
  if (!answered)
    co_return fail(Code::timeout, "cannot find " + host + ": no answer from the name service in time");
  co_return looking.take();
}

}  // namespace yam::net
