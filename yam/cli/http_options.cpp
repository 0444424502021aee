#include "yam/cli/http_options.hpp"

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "yam/base/text.hpp"
#include "yam/net/loop/fd.hpp"
#include "yam/proto/http/syntax.hpp"

namespace yam::cli {

using service::HttpField;

namespace {

constexpr std::uint64_t depth_max = 1000;
constexpr std::size_t secret_file_bytes_max = 64 * 1024;

std::optional<std::string> environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value != nullptr ? std::optional<std::string>(value) : std::nullopt;
}

Result<std::string> read_file(const std::string& path) {
  const net::Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  std::string text(secret_file_bytes_max + 1, '\0');
  std::size_t size = 0;
  while (file && size < text.size()) {
    const ssize_t came = ::read(file.get(), text.data() + size, text.size() - size);
    if (came < 0) return fail_os("cannot read " + quoted(path), errno);
    if (came == 0) break;
    size += static_cast<std::size_t>(came);
  }
  if (!file) return fail_os("cannot read " + quoted(path), errno);
  if (size == text.size()) return fail(Code::local, quoted(path) + " is too large");
  text.resize(size);
  return text;
}

// "Name: value"; "Name:" takes one of ours away. What is wrong is said without the value, it may be secret.
Result<HttpField> parse_field(std::string_view text) {
  const std::size_t colon = text.find(':');
  const std::string_view name = text.substr(0, colon);
  if (colon == std::string_view::npos || !proto::http::is_token(name))
    return fail(Code::usage, "--header: no name and colon at the beginning", "write it as 'Name: value'");
  for (const char c : text)
    if (!proto::http::is_value_letter(c))
      return fail(Code::usage, "--header: a control character in " + quoted(name));
  return HttpField{std::string(name), std::string(proto::http::trimmed(text.substr(colon + 1)))};
}

Result<void> add_fields(std::vector<HttpField>& fields, const std::string& text) {
  if (!text.starts_with('@')) {
    auto field = parse_field(text);
    if (!field) return fail(field.error());
    fields.push_back(std::move(*field));
    return {};
  }
  const auto lines = read_file(text.substr(1));
  if (!lines) return fail(lines.error());
  for (std::size_t at = 0; at < lines->size();) {
    const std::size_t end = std::min(lines->find('\n', at), lines->size());
    std::string_view line = std::string_view(*lines).substr(at, end - at);
    if (line.ends_with('\r')) line.remove_suffix(1);
    at = end + 1;
    if (line.empty()) continue;
    auto field = parse_field(line);
    if (!field) return fail(field.error());
    fields.push_back(std::move(*field));
  }
  return {};
}

Result<std::string> password_of(const std::string& file) {
  if (file.empty()) {
    if (auto password = environment("YAM_PASSWORD")) return *password;
    return fail(Code::usage, "--user needs a password", "YAM_PASSWORD or --password-file FILE holds it");
  }
  auto text = read_file(file);
  if (!text) return text;
  return text->substr(0, text->find_first_of("\r\n"));
}

// Bytes a second, as curl takes them too: 1MB/s, 8Mbit/s, 200K.
Result<Rate> parse_limit(const std::string& text) {
  if (auto rate = parse_rate(text)) return rate;
  const auto bytes = parse_bytes(text);
  if (!bytes || *bytes == 0)
    return fail(Code::usage, "--limit-rate: " + quoted(text) + " is no rate", "write 1MB/s, 8Mbit/s or 200K");
  return Rate{*bytes};
}

}  // namespace

void HttpOptions::declare(Arguments& arguments) {
  arguments.flag("-C,--continue", go_on, "Go on with what an earlier run left in NAME.part");
  arguments.flag("-r,--recursive", recursive,
                 "All that is beneath a folder, as its listings say (JSON or HTML)");
  arguments.list("--include", include, "GLOB", "With -r: only files like this (a name, or a path with '/')");
  arguments.list("--exclude", exclude, "GLOB", "With -r: no file or folder like this");
  arguments.number("--depth", depth, 1, depth_max,
                   "With -r: so many folders deep (1: the first alone; default 32)");
  arguments.flag("-O,--remote-name", named_by_server, "The name that the server gives (Content-Disposition)");
  arguments.flag(
      "--compressed", compressed,
      "Ask for gzip, br or zstd on the way; what comes so is undone here, but cannot go on if it is cut");
  arguments.flag("--no-metalink", no_metalink, "Keep a .meta4 as a file, instead of getting what it names");
  arguments.flag("--no-timestamps", no_timestamps,
                 "Now is the file's time, not when the server's was changed");
  declare_shared(arguments);
}

void HttpOptions::declare_shared(Arguments& arguments) {
  arguments.list("-H,--header", headers, "'NAME: VALUE'",
                 "Send this field too; @FILE reads them from a file, 'NAME:' leaves one of ours out");
  arguments.text("--user", user, "NAME", "Who we are; the password is in YAM_PASSWORD or --password-file");
  arguments.text("--password-file", password_file, "FILE", "Its first line is the password of --user");
  arguments.maybe_text("--netrc", netrc, "FILE", "Names and passwords by host, from ~/.netrc or FILE");
  arguments.flag("--cookies", cookies, "Keep cookies for this run, and send them back");
  arguments.number("--redirects", redirects_max, 0, service::HttpWish::redirects_max_max,
                   "Follow at most so many (default 10)");
  arguments.text("--limit-rate", limit_rate, "RATE", "At most so much: 1MB/s, 8Mbit/s, 200K");
  arguments.number(
      "--retry", retries, 0, service::retries_max,
      "Ask again so often when it is cut, silent or busy (default 3, and not when nobody is there)");
  arguments.flag("--head", head, "Show the head of each answer on stdout (with -o - on stderr)");
  arguments.flag("--no-verify", no_verify, "Accept any certificate");
  arguments.text("--ca", ca, "FILE", "Authorities trusted instead of the system's");
  arguments.text("--cert", cert, "FILE", "Our certificate chain (PEM)");
  arguments.text("--key", key, "FILE", "Its key, when not in the same file");
  arguments.list("--pin", pins, "sha256//KEY", "Accept only this public key; may be given again");
}

bool HttpOptions::is_given() const {
  return go_on || recursive || !include.empty() || !exclude.empty() ||
         depth != service::HttpTreeRules::depth_default || named_by_server || !headers.empty() ||
         !user.empty() || !password_file.empty() || netrc || cookies ||
         redirects_max != service::HttpWish::redirects_default || compressed || !limit_rate.empty() ||
         retries != not_given || no_timestamps || no_metalink || head || no_verify || !ca.empty() ||
         !cert.empty() || !key.empty() || !pins.empty();
}

Result<service::HttpClient::Setup> HttpOptions::setup(const std::vector<service::HttpUrl>& urls) const {
  service::HttpClient::Setup setup;
  auto proxies = service::HttpProxies::from(environment);
  if (!proxies) return fail(proxies.error());
  setup.proxies = std::move(*proxies);
  setup.tls.verify = !no_verify;
  setup.tls.ca_file = ca;
  setup.tls.cert_file = cert;
  setup.tls.key_file = key;
  setup.tls.pins = pins;
  std::size_t pinned = 0;
  for (const service::HttpUrl& url : urls) {
    constexpr std::string_view mark = "pin=";
    if (!url.origin.tls || !url.fragment.starts_with(mark)) continue;
    setup.tls.pins.push_back(url.fragment.substr(mark.size()));
    ++pinned;
  }
  if (pinned > 0 && pinned < urls.size())
    return fail(Code::usage, "some URLs name a pin, and others do not", "get them one by one");
  for (const std::string& pin : setup.tls.pins)
    if (!net::is_pin(pin))
      return fail(Code::usage, quoted(pin) + " is no pin",
                  "a pin is sha256// and 44 characters of base64, as curl --pinnedpubkey takes it");
  if (no_verify && !ca.empty()) return fail(Code::usage, "--no-verify and --ca contradict each other");
  if (!key.empty() && cert.empty()) return fail(Code::usage, "--key needs --cert");
  return setup;
}

Result<service::HttpWish> HttpOptions::wish() const {
  service::HttpWish wish;
  for (const std::string& text : headers)
    if (auto added = add_fields(wish.fields, text); !added) return fail(added.error());
  if (user.find(':') != std::string::npos)
    return fail(Code::usage, "--user takes a name: what stands on a command line is seen by everybody",
                "YAM_PASSWORD or --password-file FILE holds the password");
  if (user.empty() && !password_file.empty()) return fail(Code::usage, "--password-file needs --user");
  if (!user.empty()) {
    auto password = password_of(password_file);
    if (!password) return fail(password.error());
    wish.user = service::BasicCredentials{user, std::move(*password)};
  }
  if (netrc) {
    const std::string home = environment("HOME").value_or("");
    auto loaded = service::Netrc::load(netrc->empty() ? home + "/.netrc" : *netrc);
    if (!loaded) return fail(loaded.error());
    wish.netrc = std::move(*loaded);
  }
  wish.redirects_max = static_cast<unsigned>(redirects_max);
  return wish;
}

service::HttpTreeRules HttpOptions::tree() const {
  service::HttpTreeRules rules;
  rules.include = include;
  rules.exclude = exclude;
  rules.depth = static_cast<unsigned>(depth);
  rules.skips_present = go_on;
  return rules;
}

Result<void> HttpOptions::set_pace(std::optional<service::Pace>& pace) const {
  if (limit_rate.empty()) return {};
  const auto rate = parse_limit(limit_rate);
  if (!rate) return fail(rate.error());
  pace.emplace(*rate);
  return {};
}

std::optional<unsigned> HttpOptions::told_retries() const {
  return retries != not_given ? std::optional(static_cast<unsigned>(retries)) : std::nullopt;
}

Result<service::HttpGetRules> HttpOptions::rules(std::optional<service::Pace>& pace) const {
  service::HttpGetRules rules;
  if (go_on && named_by_server)
    return fail(Code::usage, "--continue and -O contradict each other", "-o FILE names what to go on with");
  const bool has_filters =
      !include.empty() || !exclude.empty() || depth != service::HttpTreeRules::depth_default;
  if (has_filters && !recursive)
    return fail(Code::usage, "--include, --exclude and --depth need --recursive");
  if (recursive && named_by_server) return fail(Code::usage, "--recursive and -O contradict each other");
  if (go_on && compressed) return fail(Code::usage, "--continue and --compressed contradict each other");
  if (auto set = set_pace(pace); !set) return fail(set.error());
  if (pace) rules.pace = &*pace;
  rules.goes_on = go_on;
  rules.named_by_server = named_by_server;
  rules.follows_metalinks = !no_metalink;
  rules.asks_coded = compressed;
  rules.keeps_time = !no_timestamps;
  rules.retries_calls = told_retries().has_value();
  rules.retries = told_retries().value_or(rules.retries);
  return rules;
}

}  // namespace yam::cli
