#include "yam/cli/raw/raw_options.hpp"

#include "yam/base/text.hpp"
#include "yam/cli/raw/raw_view.hpp"
#include "yam/service/own_identity.hpp"

namespace yam::cli {

namespace {

std::string joined(const std::vector<std::string>& values, char separator) {
  std::string text;
  for (const std::string& value : values) {
    if (!text.empty()) text += separator;
    text += value;
  }
  return text;
}

}  // namespace

void RawOptions::declare_ending(Arguments& arguments) {
  arguments.choice("--on-eof", on_eof, {"half-close", "close", "stay"},
                   "What the end of one side's input means: passed on as a FIN while the other side goes on "
                   "(default), the end of everything, or nothing");
  arguments.duration("--idle", idle, "End after this long without a byte either way (exit status 3)");
  arguments.text("--until", until, "WORD", "End when either side says this word");
}

void RawOptions::declare_messages(Arguments& arguments) {
  arguments.text("--frame", frame, "KIND",
                 "Each input line goes out as one frame, each frame comes in as one line: lines, crlf, "
                 "delimiter:TEXT, u8, u16, u32, u16le, u32le (+self), varint, netstring");
  arguments.choice("--eol", eol, {"as-is", "lf", "crlf", "none"}, "What typed lines end with on the wire");
}

void RawOptions::declare_network(Arguments& arguments, Side side) {
  arguments.duration("--timeout", timeout, "Limit for connecting and for a TLS handshake (default 30s)");
  if (side == Side::calling) {
    arguments.text("--bind", bind, "ADDRESS", "Call from this address");
    arguments.number("--source-port", source_port, 1, 65'535, "Call from this port");
  }
  arguments.flag("--tls", tls, "TLS on top of tcp, as tls:// does");
  arguments.flag("--no-verify", no_verify, "Accept any certificate");
  arguments.text("--sni", sni, "NAME", "The name asked for and verified");
  arguments.text("--alpn", alpn, "NAME,NAME", "Protocols offered, most wanted first");
  arguments.text("--ca", ca, "FILE", "Authorities trusted instead of the system's");
  arguments.text("--cert", cert, "FILE", "Our certificate chain (PEM)");
  arguments.text("--key", key, "FILE", "Its key, when not in the same file");
  if (side == Side::listening)
    arguments.text("--client-ca", client_ca, "FILE", "Demand client certificates signed by these");
  arguments.list("--pin", pins, "sha256//KEY", "Accept only this public key; may be given again");
}

void RawOptions::declare_view(Arguments& arguments) {
  arguments.flag("--hex", hex, "Show received bytes as a hex dump");
  arguments.flag("--json", json, "One JSON object a line for each event");
  arguments.maybe_text("--trace", trace, "FILE", "Draw the conversation as a ladder, on stderr or into FILE");
  arguments.flag("-v,--verbose", verbose, "Say who was reached, and who ended it and how");
}

service::ExchangeRules RawOptions::rules() const {
  service::ExchangeRules rules;
  rules.on_eof = on_eof == "close"  ? service::OnEof::close
                 : on_eof == "stay" ? service::OnEof::stay
                                    : service::OnEof::half_close;
  rules.idle = idle;
  rules.until = until;
  return rules;
}

Result<void> RawOptions::check() const {
  if (hex && json) return fail(Code::usage, "--hex and --json contradict each other");
  if (frame.empty()) return {};
  if (eol != "as-is")
    return fail(Code::usage, "--frame and --eol contradict each other", "a frame needs no line end");
  if (auto kind = wire::parse_frame_kind(frame); !kind) return fail(kind.error());
  return {};
}

Result<Endpoint> RawOptions::endpoint(const std::string& text, Side side) const {
  auto parsed = Endpoint::parse(text, side);
  if (!parsed) return parsed;
  Endpoint wanted = *parsed;
  if (tls && wanted.scheme == Scheme::tcp) wanted.scheme = Scheme::tls;
  if (tls && wanted.scheme != Scheme::tls)
    return fail(Code::usage, "--tls goes with tcp://, not with " + wanted.to_string());
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) wanted.options.push_back({name, value});
  };
  if (no_verify) add("verify", "none");
  add("sni", sni);
  add("alpn", alpn);
  add("ca", ca);
  add("cert", cert);
  add("key", key);
  add("client-ca", client_ca);
  add("pin", joined(pins, ';'));
  add("bind", bind);
  if (source_port != 0) add("source-port", std::to_string(source_port));
  if (wanted.options.size() == parsed->options.size()) return wanted;
  // What a scheme and a side know is the endpoint's business: it reads the whole once more.
  return Endpoint::parse(wanted.to_string(), wanted.side);
}

std::unique_ptr<wire::Converter> RawOptions::outgoing() const {
  if (!frame.empty()) return wire::lines_to_frames(*wire::parse_frame_kind(frame));
  if (eol == "lf") return wire::change_line_ends("\n");
  if (eol == "crlf") return wire::change_line_ends("\r\n");
  if (eol == "none") return wire::change_line_ends("");
  return nullptr;
}

std::unique_ptr<wire::Converter> RawOptions::incoming(bool for_view) const {
  if (frame.empty()) return nullptr;
  const auto kind = wire::parse_frame_kind(frame);
  // Bytes shown otherwise than as lines need no line ends of ours.
  return for_view ? wire::frames_apart(*kind) : wire::frames_to_lines(*kind);
}

std::unique_ptr<wire::Converter> RawOptions::whole_messages() const {
  return frame.empty() ? nullptr : wire::frames_whole(*wire::parse_frame_kind(frame));
}

std::unique_ptr<wire::Converter> RawOptions::view(const std::string& peer) const {
  if (hex) return hex_view();
  if (json) return json_view(peer);
  return nullptr;
}

Result<net::Identity> identity_for(const Endpoint& endpoint) {
  if (endpoint.scheme != Scheme::tls || endpoint.side != Side::listening || endpoint.option("cert"))
    return net::Identity();
  return service::own_identity();
}

}  // namespace yam::cli
