#pragma once
// Who this user's yam is towards TLS peers when nobody says otherwise: a self-signed identity, made on first
// use and kept in the state folder ($XDG_STATE_HOME/yam), so that its pin stays the same.

#include "yam/net/tls/identity.hpp"

namespace yam::service {

// Reads it, or makes and keeps a new one, good for ten years, when there is none. Code::local when the
// state folder cannot be used.
Result<net::Identity> own_identity();

}  // namespace yam::service
