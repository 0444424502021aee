#include "yam/cli/raw/raw_view.hpp"

#include "yam/base/quantity.hpp"
#include "yam/base/text.hpp"
#include "yam/tui/json.hpp"

namespace yam::cli {

namespace {

class HexView final : public wire::Converter {
 public:
  Result<void> handle_piece(ByteView piece, wire::Pieces& out) override {
    out.add(bytes_of(piece.empty() ? std::string("(empty)\n") : hexdump(piece, offset_)));
    offset_ += piece.size();
    return {};
  }
  Result<void> handle_end(wire::Pieces&) override { return {}; }

 private:
  std::uint64_t offset_ = 0;
};

class JsonView final : public wire::Converter {
 public:
  explicit JsonView(std::string peer) : peer_(std::move(peer)) {}

  Result<void> handle_piece(ByteView piece, wire::Pieces& out) override {
    tui::JsonLine line;
    line.field("event", "received").field("peer", peer_).field("bytes", piece.size()).bytes("data", piece);
    out.add(bytes_of(line.take()));
    return {};
  }
  Result<void> handle_end(wire::Pieces&) override { return {}; }

 private:
  std::string peer_;
};

}  // namespace

std::unique_ptr<wire::Converter> hex_view() {
  return std::make_unique<HexView>();
}
std::unique_ptr<wire::Converter> json_view(std::string peer) {
  return std::make_unique<JsonView>(std::move(peer));
}

std::string json_connected(const net::Connection& connection) {
  tui::JsonLine line;
  line.field("event", "connected").field("peer", connection.peer).field("local", connection.local);
  if (connection.tls) {
    line.field("tls", connection.tls->version).field("cipher", connection.tls->cipher);
    if (!connection.tls->alpn.empty()) line.field("alpn", connection.tls->alpn);
    if (!connection.tls->sni.empty()) line.field("sni", connection.tls->sni);
    if (connection.tls->peer)
      line.field("subject", connection.tls->peer->subject).field("pin", connection.tls->peer->pin);
  }
  return line.take();
}

std::string json_ended(const std::string& peer, const service::ExchangeEnd& end) {
  tui::JsonLine line;
  line.field("event", "ended").field("peer", peer).field("how", end.words());
  line.field("sent", end.sent).field("received", end.received);
  line.field("status", end.fault ? exit_status(end.fault->code) : 0);
  if (end.fault) line.field("code", name_of(end.fault->code));
  return line.take();
}

std::string json_failed(const Error& error) {
  tui::JsonLine line;
  line.field("event", "failed").field("how", error.what).field("status", exit_status(error.code));
  line.field("code", name_of(error.code));
  return line.take();
}

std::string words_of(const net::Connection& connection) {
  std::string words = escaped(connection.peer);
  if (!connection.local.empty()) words += " from " + escaped(connection.local);
  if (!connection.tls) return words;
  words += ", " + connection.tls->version + " " + connection.tls->cipher;
  if (!connection.tls->alpn.empty()) words += ", ALPN " + connection.tls->alpn;
  if (!connection.tls->sni.empty()) words += ", asked for " + connection.tls->sni;
  if (const auto& peer = connection.tls->peer)
    words += ", certificate of " + peer->subject + " until " + peer->expires + ", pin " + peer->pin;
  return words;
}

std::string words_of(const service::ExchangeEnd& end) {
  return end.words() + "; sent " + print_bytes(end.sent) + ", received " + print_bytes(end.received);
}

}  // namespace yam::cli
