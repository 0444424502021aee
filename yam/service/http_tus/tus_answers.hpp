#pragma once
// How tus answers look: their fields, a refusal in words, and what a fault of the store is to a client.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "yam/proto/tus/server.hpp"
#include "yam/service/http_server/http_exchange.hpp"
#include "yam/store/upload/upload_store.hpp"

namespace yam::service {

class HttpServer;

// Where uploads are, while they are unfinished and a while afterwards: "/.yam/uploads/<id>".
inline constexpr std::string_view tus_prefix = "/.yam/uploads/";

proto::tus::ServerLimits tus_limits(const HttpServer& server);

// An upload as the protocol sees it.
proto::tus::Upload tus_upload(const store::UploadState& state);

// How long the request's content is: 0 without one, absent when it says so only at its end.
std::optional<std::uint64_t> content_length(const HttpExchange& exchange);

void answer_tus(HttpExchange& exchange, std::uint16_t status,
                const std::vector<proto::tus::SentField>& fields, std::string_view content = {});
// Words, and for 412 what is spoken here.
void answer_tus_refusal(const HttpServer& server, HttpExchange& exchange, const proto::tus::Refusal& refusal);
// 404, 409, 400, 503 or 507.
void answer_tus_fault(HttpExchange& exchange, const Error& error);

}  // namespace yam::service
