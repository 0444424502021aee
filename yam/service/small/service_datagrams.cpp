#include "yam/service/small/service_datagrams.hpp"

#include <algorithm>
#include <cstring>
#include <netinet/in.h>

#include "yam/service/small/daytime.hpp"
#include "yam/service/small/fahrenheit.hpp"
#include "yam/service/small/greet.hpp"

namespace yam::service {

namespace {

// A full socket is worth a short wait; the peer asks again anyway.
constexpr Duration send_limit = std::chrono::seconds(1);

// sin_port and sin6_port stand in the same place; SocketAddress::ip() would build the address as well.
std::uint16_t port_of(const net::SocketAddress& address) {
  sockaddr_in in;
  std::memcpy(&in, address.get(), sizeof in);
  return ntohs(in.sin_port);
}

std::string answer_to(ServiceKind kind, std::string_view text) {
  switch (kind) {
    case ServiceKind::daytime:
      return daytime_now();
    case ServiceKind::fahrenheit:
      return fahrenheit_answer(text);
    case ServiceKind::greet: {
      std::string greeting = greeting_for(text);
      return greeting.size() <= net::datagram_bytes_max_v4 ? greeting : "That name is too long to greet.";
    }
    default:
      return std::string(text);
  }
}

void note_refusal(Hosting& hosting, ServiceKind kind, const net::SocketAddress& sender) {
  const std::uint64_t count = hosting.datagrams_refused.note(hosting.loop.now());
  if (count == 0) return;
  ServerEvent event;
  event.kind = ServerEvent::Kind::not_answered;
  event.service = facts_of(kind).scheme;
  event.peer = sender.to_string();
  event.count = count;
  event.error = {Code::refused, "a port of services, one of which would answer back", ""};
  hosting.observer.handle_event(event);
}

net::Task<> answer_each(Hosting& hosting, ServiceKind kind, DatagramRule& rule, net::DatagramSocket& socket,
                        net::DatagramBatch& batch) {
  for (const net::Datagram datagram : batch) {
    if (!rule.allows(datagram.sender)) {
      note_refusal(hosting, kind, datagram.sender);
      continue;
    }
    const std::string answer = answer_to(kind, text_of(datagram.bytes));
    const Time deadline = after(hosting.loop.now(), send_limit);
    [[maybe_unused]] const auto sent = co_await socket.answer(datagram, bytes_of(answer), deadline);
  }
}

}  // namespace

DatagramRule::DatagramRule() {
  for (std::size_t port = 0; port < privileged_ports; ++port)
    refused_.set(port);
  for (const ServiceFacts& each : all_services())
    if (each.has_udp) refused_.set(each.default_port);
}

bool DatagramRule::allows(const net::SocketAddress& sender) const {
  return !refused_[port_of(sender)];
}

bool DatagramRule::allows_all(const net::DatagramBatch& batch) const {
  return std::ranges::all_of(batch.messages(), [&](const auto& each) { return allows(*each.sender); });
}

net::Task<> answer_datagrams(Hosting& hosting, ServiceKind kind, DatagramRule& rule,
                             net::DatagramSocket& socket) {
  net::DatagramBatch batch;
  for (;;) {
    const auto got = co_await socket.receive(batch);
    if (!got && got.error().code == Code::protocol) continue;  // longer than UDP has them: not for us
    if (!got) {
      ServerEvent event;
      event.service = facts_of(kind).scheme;
      event.error = got.error();
      hosting.observer.handle_event(event);
      co_return;
    }
    if (kind == ServiceKind::discard) continue;
    const Time deadline = after(hosting.loop.now(), send_limit);
    if (kind == ServiceKind::echo && rule.allows_all(batch)) {
      [[maybe_unused]] const auto sent = co_await socket.send_back(batch, deadline);
    } else {
      auto answers = answer_each(hosting, kind, rule, socket, batch);
      co_await std::move(answers);
    }
  }
}

}  // namespace yam::service
