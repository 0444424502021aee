#include "yam/net/socket/resolver.hpp"

#include <algorithm>
#include <memory>
#include <mutex>
#include <net/if.h>
#include <netdb.h>
#include <system_error>
#include <thread>

#include "yam/net/loop/event.hpp"
#include "yam/net/socket/socket_address.hpp"

namespace yam::net {

namespace {

// Shared by the one who asks and the thread that looks up; the thread may outlive the asker, since nothing
// interrupts getaddrinfo.
struct Question {
  std::mutex mutex;
  Loop* loop = nullptr;  // null once nobody waits any more
  Event* answered = nullptr;
  int error = 0;
  std::vector<IpAddress> addresses;
};

// Withdraws the question when the asker goes.
struct Asker {
  explicit Asker(std::shared_ptr<Question> q) : question(std::move(q)) {}
  Asker(const Asker&) = delete;
  Asker& operator=(const Asker&) = delete;
  ~Asker() {
    const std::lock_guard lock(question->mutex);
    question->loop = nullptr;
    question->answered = nullptr;
  }
  std::shared_ptr<Question> question;
};

void look_up(const std::string& host, const std::shared_ptr<Question>& question) {
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

  const std::lock_guard lock(question->mutex);
  question->error = error;
  question->addresses = std::move(addresses);
  if (question->loop == nullptr) return;
  question->loop->post([question] {
    if (question->answered != nullptr) question->answered->set();
  });
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

  Event answered(loop);
  const Asker asker(std::make_shared<Question>());
  asker.question->loop = &loop;
  asker.question->answered = &answered;
  try {
    std::thread([host, question = asker.question] { look_up(host, question); }).detach();
  } catch (const std::system_error& fault) {
    co_return fail_os("cannot look up " + host, fault.code().value());
  }
  if (!co_await answered.wait(deadline))
    co_return fail(Code::timeout, "cannot find " + host + ": no answer from the name service in time");

  if (asker.question->error != 0 || asker.question->addresses.empty()) {
    std::string why = asker.question->error != 0 ? ::gai_strerror(asker.question->error) : "no address";
    why[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(why[0])));
    co_return fail(Code::not_found, "cannot find " + host + ": " + why);
  }
  co_return std::move(asker.question->addresses);
}

}  // namespace yam::net
