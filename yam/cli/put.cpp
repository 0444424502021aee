// yam put FILE… URL: uploads files.

#include "yam/cli/http_put_run.hpp"
#include "yam/cli/tftp_run.hpp"
#include "yam/cli/verbs.hpp"
#include "yam/cli/voice.hpp"

namespace yam::cli {

namespace {

constexpr std::string_view closing =
    "A URL that ends in / is a folder of the server: each file keeps its name, and a folder goes with all "
    "that\n"
    "is in it. By HTTP nothing there is replaced without --force. Where the server speaks tus, a large file\n"
    "goes on where it was cut, also when the same command is given again after ^C or a kill.\n\n"
    "Examples:\n"
    "  yam put big.iso photos/ http://localhost:8080/inbox/\n"
    "  yam put report.pdf https://example.org/reports/2026.pdf --force\n"
    "  tar cz src | yam put - http://backup:8080/src.tar.gz\n"
    "  YAM_PASSWORD=… yam put film.mkv https://nas.example.org/ --user me --limit-rate 5MB/s\n"
    "  yam put big.iso http://localhost:1080/files/         a server of tus alone\n"
    "  yam put config.txt tftp://192.0.2.1/router-1.cfg\n"
    "  yam put *.img tftp://localhost:6969/images/ -v\n";

struct PutVerb {
  std::vector<std::string> words;  // files, and the URL behind them
  bool force = false;
  HttpOptions http;
  TftpOptions common;

  // Code::usage for options that mean nothing to the URL.
  Result<bool> is_http() const;
  Result<std::vector<service::TftpErrand>> plan_tftp() const;
};

Result<bool> PutVerb::is_http() const {
  if (!service::HttpUrl::is_http(words.back())) {
    if (force || http.is_given())
      return fail(Code::usage, "an option that is for http:// and https:// alone");
    return false;
  }
  if (common.is_tftp_given()) return fail(Code::usage, "an option that is for tftp:// alone");
  return true;
}

Result<std::vector<service::TftpErrand>> PutVerb::plan_tftp() const {
  auto url = common.url(words.back());
  if (!url) return fail(url.error());
  return service::plan_uploads(std::span(words).first(words.size() - 1), *url);
}

}  // namespace

int run_put(const Words& given) {
  PutVerb verb;
  Arguments arguments("put", "Uploads each FILE (- is stdin) to an http://, https:// or tftp:// URL.",
                      closing);
  arguments.words("FILE", verb.words, 2, "Files and folders, and behind them the URL", "FILE... URL");
  arguments.flag("-f,--force", verb.force, "By HTTP: replace what is there, where the server allows it");
  verb.http.declare_shared(arguments);
  verb.common.declare(arguments);
  const auto parsed = arguments.parse(given);
  if (!parsed) return explain(parsed.error());
  if (!*parsed) return 0;
  const auto http = verb.is_http();
  if (!http) return explain(http.error());
  if (*http) {
    HttpPut put;
    put.url = verb.words.back();
    put.files.assign(verb.words.begin(), verb.words.end() - 1);
    put.force = verb.force;
    return run_http_put(put, verb.http, verb.common);
  }
  service::TftpErrands::Setup setup;
  setup.write = true;
  return run_tftp(verb.common, verb.plan_tftp(), setup);
}

}  // namespace yam::cli
