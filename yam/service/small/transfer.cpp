#include "yam/service/small/transfer.hpp"

namespace yam::service {

using Kind = ServerEvent::Kind;

Transfer::Transfer(Visit& visit, std::string peer, std::string name)
    : visit_(visit), event_(visit.event(Kind::fault)), began_(visit.loop().now()) {
  event_.peer = std::move(peer);
  event_.name = std::move(name);
}

Transfer::~Transfer() {
  if (!is_over_) break_off({Code::interrupted, "the server stopped", ""});
}

void Transfer::succeed() {
  tell(visit_.service().kind == ServiceKind::inbox ? Kind::received : Kind::sent);
}

void Transfer::refuse(Error error) {
  event_.error = std::move(error);
  tell(visit_.service().kind == ServiceKind::inbox ? Kind::broken_off : Kind::not_sent);
}

void Transfer::break_off(Error error) {
  visit_.stream().abort();
  refuse(std::move(error));
}

void Transfer::tell(Kind kind) {
  event_.kind = kind;
  event_.took = Clock::now() - began_;
  is_over_ = true;
  visit_.hosting().observer.handle_event(event_);
}

}  // namespace yam::service
