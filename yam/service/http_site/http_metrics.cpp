#include "yam/service/http_site/http_metrics.hpp"

#include <array>

#include <fmt/format.h>

#include "yam/service/http_site/http_site.hpp"

namespace yam::service {

namespace {

void append_head(std::string& text, std::string_view name, std::string_view kind, std::string_view help) {
  text += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, help, name, kind);
}

void append_counter(std::string& text, std::string_view name, std::string_view help, std::uint64_t value) {
  append_head(text, name, "counter", help);
  text += fmt::format("{} {}\n", name, value);
}

void append_http(std::string& text, const HttpCounts& http) {
  constexpr std::string_view requests = "yam_http_requests_total";
  append_head(text, requests, "counter", "Requests answered, by the class of their status.");
  for (std::size_t i = 0; i < http.requests.size(); ++i)
    text += fmt::format("{}{{status=\"{}xx\"}} {}\n", requests, i + 1, http.requests[i]);
  append_counter(text, "yam_http_broken_off_total", "Answers that are not whole.", http.broken_off);
  append_counter(text, "yam_http_sent_bytes_total", "Content sent, in bytes.", http.sent_bytes);
  append_counter(text, "yam_http_received_bytes_total", "Content received, in bytes.", http.received_bytes);
}

void append_tftp(std::string& text, const TftpCounts& tftp) {
  constexpr std::string_view transfers = "yam_tftp_transfers_total";
  append_counter(text, "yam_tftp_requests_total", "Requests let in, repeated ones once.", tftp.requests);
  append_head(text, transfers, "counter", "Requests that are over, by how they ended.");
  const std::array ends{std::pair{"sent", tftp.sent}, std::pair{"not_sent", tftp.not_sent},
                        std::pair{"received", tftp.received}, std::pair{"not_received", tftp.not_received},
                        std::pair{"probed", tftp.probed}};
  for (const auto& [end, count] : ends)
    text += fmt::format("{}{{end=\"{}\"}} {}\n", transfers, end, count);
  append_counter(text, "yam_tftp_refused_total", "Requests refused: denied, too many, malformed.",
                 tftp.refused);
  append_counter(text, "yam_tftp_sent_bytes_total", "Bytes of files sent.", tftp.bytes_sent);
  append_counter(text, "yam_tftp_received_bytes_total", "Bytes of files received.", tftp.bytes_received);
  append_counter(text, "yam_tftp_retransmissions_total", "Packets sent again.", tftp.retransmissions);
}

}  // namespace

void answer_health(HttpExchange& exchange) {
  answer_in_words(exchange, 200, "ok");
}

void answer_metrics(HttpExchange& exchange) {
  const Hosting& hosting = exchange.visit().hosting();
  const std::array fields{proto::http::Field{"Content-Type", "text/plain; version=0.0.4; charset=utf-8"},
                          proto::http::Field{"Cache-Control", "no-store"}};
  proto::http::Answer answer;
  answer.fields = fields;
  exchange.answer(answer, metrics_text(hosting.admission.connections(), hosting.http.now(),
                                       hosting.tftp.counters().now()));
}

std::string metrics_text(std::uint64_t connections, const HttpCounts& http, const TftpCounts& tftp) {
  std::string text;
  append_head(text, "yam_connections", "gauge", "TCP connections and TFTP transfers that are there now.");
  text += fmt::format("yam_connections {}\n", connections);
  append_http(text, http);
  append_tftp(text, tftp);
  return text;
}

}  // namespace yam::service
