#pragma once
// The small services on TCP: echo (RFC 862), discard (RFC 863), daytime (RFC 867), and the texts of greet and
// fahrenheit. Each is one conversation with one peer, which ends with the peer, with its own last word, or
// when nothing has moved for the idle limit.

#include <memory>

#include "yam/service/server/server_visit.hpp"

namespace yam::service {

net::Task<> echo(std::unique_ptr<Visit> visit);
net::Task<> discard(std::unique_ptr<Visit> visit);
net::Task<> tell_time(std::unique_ptr<Visit> visit);
net::Task<> answer_texts(std::unique_ptr<Visit> visit);  // greet, fahrenheit

}  // namespace yam::service
