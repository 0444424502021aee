#pragma once
// How the raw verbs show what came in and what happened: as a hex dump, or as one JSON object a line. The
// schema of the objects stands in docs/json.md.

#include <memory>
#include <string>

#include "yam/net/connection.hpp"
#include "yam/service/exchange.hpp"
#include "yam/wire/converter.hpp"

namespace yam::cli {

// Each piece as lines of a hex dump; the offsets count through the conversation.
std::unique_ptr<wire::Converter> hex_view();

// Each piece as {"event":"received",…}.
std::unique_ptr<wire::Converter> json_view(std::string peer);

// {"event":"connected",…} and {"event":"ended",…}, with their line ends.
std::string json_connected(const net::Connection& connection);
std::string json_ended(const std::string& peer, const service::ExchangeEnd& end);
// {"event":"failed",…}: a fault that no conversation had a part in.
std::string json_failed(const Error& error);

// "127.0.0.1:443 from 127.0.0.1:40012, TLSv1.3 TLS_AES_256_GCM_SHA384, certificate of CN = localhost until
// …".
std::string words_of(const net::Connection& connection);
// "both sides closed, the peer first; sent 64 B, received 64 B".
std::string words_of(const service::ExchangeEnd& end);

}  // namespace yam::cli
