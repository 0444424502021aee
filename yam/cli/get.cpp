// yam get URL…: downloads files.

#include <algorithm>
#include <array>

#include "yam/base/address/url.hpp"
#include "yam/cli/http_get_run.hpp"
#include "yam/cli/tftp_run.hpp"
#include "yam/cli/verbs.hpp"
#include "yam/cli/voice.hpp"

namespace yam::cli {

namespace {

constexpr std::string_view closing =
    "A file is NAME.part until it is whole. Without -o it lands here, under the last part of its name. What "
    "is\n"
    "cut goes on where it was; what HTTP left behind by ^C or a kill goes on with --continue.\n"
    "Of a Metalink (.meta4) the files that it names are got; -o NAME.meta4, -o - and --no-metalink keep it.\n"
    "Proxies are those of http_proxy, https_proxy, all_proxy and no_proxy. From https:// no redirect leads "
    "to\n"
    "http://, and none to another scheme.\n\n"
    "Examples:\n"
    "  yam get https://example.org/big.iso\n"
    "  yam get https://example.org/big.iso --continue --jobs 4\n"
    "  yam get https://example.org/big.iso.meta4        from its mirrors, each piece held against its hash\n"
    "  yam get https://example.org/big.iso.meta4 -C     repairs big.iso, or goes on with it\n"
    "  yam get -r https://example.org/src/ --include '*.c' --exclude test\n"
    "  yam get http://localhost:8080/ -o page.html --head\n"
    "  yam get https://example.org/data.json -o - -H 'Accept: application/json' | jq .\n"
    "  YAM_PASSWORD=… yam get https://example.org/private.zip --user me\n"
    "  yam get tftp://192.0.2.1/boot/pxelinux.0\n"
    "  yam get tftp://router/running-config -o - --netascii | less\n"
    "  yam get tftp://192.0.2.1/{vmlinuz,initrd.img} --jobs 2\n"
    "  yam get tftp://192.0.2.1/boot.img --trace        draws the packets: what was lost, what came twice\n"
    "  yam get tftp://old/rom.bin --no-options          a server that chokes on options\n";

struct GetVerb {
  HttpGet get;
  HttpOptions http;
  TftpOptions common;

  // Code::usage for URLs of several kinds, and for options that mean nothing to them.
  Result<bool> is_http() const;
  Result<std::vector<service::TftpErrand>> plan_tftp() const;
};

Result<bool> GetVerb::is_http() const {
  constexpr std::array<std::string_view, 3> schemes = {"http", "https", "tftp"};
  for (const std::string& text : get.texts)
    if (const auto url = Url::parse(text, schemes); !url && !text.starts_with("tftp:"))
      return fail(url.error());
  const auto count = std::ranges::count_if(get.texts, service::HttpUrl::is_http);
  if (count == 0) {
    if (http.is_given()) return fail(Code::usage, "an option that is for http:// and https:// alone");
    return false;
  }
  if (static_cast<std::size_t>(count) < get.texts.size())
    return fail(Code::usage, "http:// and tftp:// in one command", "get them one after the other");
  if (common.is_tftp_given()) return fail(Code::usage, "an option that is for tftp:// alone");
  return true;
}

Result<std::vector<service::TftpErrand>> GetVerb::plan_tftp() const {
  if (get.output == service::TftpErrand::standard && common.json)
    return fail(Code::usage, "-o - and --json both want stdout", "-o /dev/stderr is another place");
  std::vector<service::TftpUrl> urls;
  for (const std::string& text : get.texts) {
    auto url = common.url(text);
    if (!url) return fail(url.error());
    urls.push_back(std::move(*url));
  }
  return service::plan_downloads(urls, get.output);
}

}  // namespace

int run_get(const Words& given) {
  GetVerb verb;
  Arguments arguments("get", "Downloads the files of http://, https:// and tftp:// URLs.", closing);
  arguments.words("URL", verb.get.texts, 1, "http(s)://HOST[:PORT]/PATH or tftp://HOST[:PORT]/NAME");
  arguments.text("-o,--output", verb.get.output, "FILE", "Write there: a file, a folder, or - for stdout");
  arguments.flag("-f,--force", verb.get.force, "Replace a file that exists");
  verb.http.declare(arguments);
  verb.common.declare(arguments);
  const auto parsed = arguments.parse(given);
  if (!parsed) return explain(parsed.error());
  if (!*parsed) return 0;
  const auto http = verb.is_http();
  if (!http) return explain(http.error());
  if (*http) return run_http_get(verb.get, verb.http, verb.common);
  service::TftpErrands::Setup setup;
  if (verb.get.force) setup.existing = service::Download::Existing::replaced;
  return run_tftp(verb.common, verb.plan_tftp(), setup);
}

}  // namespace yam::cli
