#include "yam/service/http_server/http_server.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <utility>

#include "yam/net/tls/tls_stream.hpp"
#include "yam/service/http_site/http_site.hpp"
#include "yam/service/own_identity.hpp"

namespace yam::service {

using proto::http::Field;
using proto::http::Refusal;
using proto::http::What;

namespace {

// In the log, of a client that was gone before it was answered; nginx' word for it.
constexpr std::uint16_t no_answer_status = 499;

}  // namespace

Result<std::shared_ptr<HttpServer>> HttpServer::open(Hosting& hosting, std::shared_ptr<const Offer> offer) {
  std::shared_ptr<HttpServer> server(new HttpServer(hosting, std::move(offer)));
  if (auto read = server->read_identity_again(); !read) return fail(read.error());
  if (server->settings().write != WritePolicy::off) {
    auto access = HttpAccess::open(server->settings());
    if (!access) return fail(access.error());
    server->access_ = std::move(*access);
  }
  return server;
}

Result<> HttpServer::read_identity_again() {
  if (offer_->service.kind != ServiceKind::https) return {};
  net::TlsOptions options;
  options.alpn = {"http/1.1"};
  options.cert_file = settings().certificate;
  options.key_file = settings().key;
  options.identity = offer_->identity;
  if (options.cert_file.empty() && options.identity.certificate_pem.empty()) {
    auto own = own_identity();
    if (!own) return fail(own.error());
    options.identity = std::move(*own);
  }
  auto context = net::TlsContext::open(Side::listening, options);
  if (!context) return fail(context.error());
  tls_ = std::move(*context);
  return {};
}

net::Task<> HttpServer::converse(std::shared_ptr<HttpServer> server, std::unique_ptr<Visit> visit) {
  bool goes_on = true;
  if (server->tls_) {
    auto shaking = server->shake_hands(*visit);
    goes_on = co_await std::move(shaking);
    if (!goes_on) co_return;
  }
  while (goes_on && !visit->is_leaving()) {
    const bool came = co_await visit->stream().readable(visit->hosting().idle_deadline());
    if (!came) break;
    visit->set_in_request(true);
    auto answering = server->answer_requests(*visit);
    goes_on = co_await std::move(answering);
    visit->set_in_request(false);
  }
  if (!visit->stream().socket()) co_return;  // broken off
  auto leaving = take_leave(*visit);
  co_await std::move(leaving);
}

net::Task<bool> HttpServer::shake_hands(Visit& visit) {
  const Time deadline = after(hosting_.loop.now(), http_head_limit);
  auto stream = co_await net::TlsStream::accept(hosting_.loop, visit.take_stream(), tls_, deadline);
  if (!stream) co_return false;
  visit.put_stream(std::move(*stream));
  co_return true;
}

// Until nothing of a request is here; false when the connection is to end.
net::Task<bool> HttpServer::answer_requests(Visit& visit) {
  const HttpDesks::Loan desk(desks_);
  Time deadline = never;
  bool has_read = false;
  for (;;) {
    const auto step = desk->conversation.handle_bytes(desk->input.unread());
    if (!step) {
      refuse(visit, *desk, step.error());
      auto flushing = flush(visit, *desk);
      co_await std::move(flushing);
      co_return false;
    }
    if (step->what == What::closed) co_return false;
    desk->input.drop(step->used);
    if (step->what == What::head) {
      auto answering = answer_one(visit, *desk);
      const bool goes_on = co_await std::move(answering);
      if (!goes_on) co_return false;
      deadline = never;
      continue;
    }
    // All that has come is answered.
    auto flushing = flush(visit, *desk);
    const bool flushed = co_await std::move(flushing);
    if (!flushed) co_return false;
    if (desk->input.empty() && has_read) co_return true;
    has_read = true;
    if (deadline == never)
      deadline = std::min(after(hosting_.loop.now(), http_head_limit), hosting_.idle_deadline());
    auto reading = read_head_further(visit, *desk, deadline);
    const bool read = co_await std::move(reading);
    if (!read) co_return false;
  }
}

net::Task<Result<>> HttpServer::answer(HttpExchange& exchange) {
  return offer_->site != nullptr ? offer_->site->answer(*this, exchange) : answer_request(*this, exchange);
}

net::Task<bool> HttpServer::answer_one(Visit& visit, HttpDesk& desk) {
  HttpExchange exchange(visit, desk, clock_);
  auto answering = answer(exchange);
  const Result<> outcome = co_await std::move(answering);
  note(exchange, outcome);
  if (!exchange.is_finished()) {
    visit.stream().abort();  // nobody shall take what there is for the whole
    co_return false;
  }
  bool goes_on = outcome.has_value();
  if (goes_on && !exchange.content_ended() && desk.conversation.keeps_open()) {
    // The peer may wait for the answer before it stops sending.
    auto flushing = flush(visit, desk);
    goes_on = co_await std::move(flushing);
    if (goes_on) {
      auto skipping = exchange.skip_content();
      goes_on = co_await std::move(skipping);
    }
  }
  goes_on = exchange.end() && goes_on;
  if (!goes_on || exchange.is_flush_due()) {
    auto flushing = flush(visit, desk);
    const bool flushed = co_await std::move(flushing);
    goes_on = goes_on && flushed;
  }
  co_return goes_on;
}

net::Task<bool> HttpServer::read_head_further(Visit& visit, HttpDesk& desk, Time deadline) {
  const auto came = co_await visit.stream().read(desk.input.space(), deadline);
  if (came && *came > 0) {
    desk.input.take(*came);
    co_return true;
  }
  if (came) {
    const auto ended = desk.conversation.handle_end();
    if (ended) co_return false;
    refuse(visit, desk, ended.error());
  } else {
    if (came.error().code != Code::timeout) co_return false;
    if (!desk.input.empty()) refuse(visit, desk, Refusal{408, "the request came too slowly"});
  }
  auto flushing = flush(visit, desk);
  co_await std::move(flushing);
  co_return false;
}

net::Task<bool> HttpServer::flush(Visit& visit, HttpDesk& desk) {
  if (desk.output.empty()) co_return true;
  const auto sent = co_await visit.stream().write(bytes_of(desk.output), visit.hosting().idle_deadline());
  desk.output.clear();
  co_return sent.has_value();
}

// What was no request has no target to tell of.
void HttpServer::refuse(const Visit& visit, HttpDesk& desk, const Refusal& refusal) {
  HttpRecord record;
  record.service = offer_->service.facts().scheme;
  record.peer = visit.peer_address();
  record.date = clock_.text();
  record.status = refusal.status;
  hosting_.http.count(refusal.status, true, 0, 0);
  hosting_.observer.handle_request(record);
  const std::array<Field, 1> fields{Field{"Date", clock_.text()}};
  const auto written = desk.conversation.refuse_with(desk.output, refusal, fields);
  assert(written && "the fields of a refusal are ours");
}

void HttpServer::note(const HttpExchange& exchange, const Result<>& outcome) {
  const auto& request = exchange.request();
  HttpRecord record;
  record.service = offer_->service.facts().scheme;
  record.peer = exchange.visit().peer_address();
  record.date = clock_.text();
  record.method = request.method;
  record.target = request.target.path;
  record.has_query = request.target.query.has_value();
  record.query = request.target.query.value_or("");
  record.minor = request.minor;
  record.status = exchange.answered() ? exchange.status() : no_answer_status;
  record.bytes = exchange.sent_bytes();
  record.received_bytes = exchange.content_bytes();
  record.took = Clock::now() - exchange.began();
  record.referrer = request.fields.find("Referer").value_or("");
  record.agent = request.fields.find("User-Agent").value_or("");
  if (!outcome) record.fault = outcome.error().what;
  hosting_.http.count(record.status, exchange.is_finished(), record.bytes, record.received_bytes);
  hosting_.observer.handle_request(record);
}

bool HttpServer::is_sweep_due() {
  constexpr Duration sweep_pause = std::chrono::minutes(10);
  if (hosting_.loop.now() < swept_until_) return false;
  swept_until_ = hosting_.loop.now() + sweep_pause;
  return true;
}

}  // namespace yam::service
