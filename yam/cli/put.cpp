// yam put FILE… URL: uploads files, one after the other.

#include "yam/cli/arguments.hpp"
#include "yam/cli/progress.hpp"
#include "yam/cli/raw/session.hpp"
#include "yam/cli/tftp_options.hpp"
#include "yam/cli/verbs.hpp"
#include "yam/cli/voice.hpp"

namespace yam::cli {

namespace {

using service::TftpUrl;
using service::Upload;

constexpr std::string_view closing =
    "A URL that ends in / is a folder of the server: each file keeps its name. Most servers take only what\n"
    "they were told to take.\n\n"
    "Examples:\n"
    "  yam put config.txt tftp://192.0.2.1/router-1.cfg\n"
    "  yam put *.img tftp://localhost:6969/images/ -v\n"
    "  tar cz src | yam put - tftp://backup/src.tar.gz\n";

struct PutVerb {
  std::vector<std::string> words;  // files, and the URL behind them
  TftpOptions options;
  TftpUrl url;
  service::TftpWish wish;

  Result<void> check();
};

Result<void> PutVerb::check() {
  auto wished = options.wish();
  if (!wished) return fail(wished.error());
  wish = *wished;
  auto parsed = options.url(words.back());
  if (!parsed) return fail(parsed.error());
  url = std::move(*parsed);
  words.pop_back();
  if (url.names_file() && words.size() > 1)
    return fail(Code::usage, std::to_string(words.size()) + " files cannot all be " + url.to_string(),
                "a URL that ends in / is a folder");
  for (const std::string& file : words)
    if (file == "-" && !url.names_file())
      return fail(Code::usage, "stdin has no name", "write one behind " + url.to_string());
  return {};
}

// What the server shall call it.
TftpUrl url_of(const PutVerb& verb, const std::string& file) {
  TftpUrl url = verb.url;
  if (!url.names_file()) url.name += file.substr(file.rfind('/') + 1);
  return url;
}

Result<std::unique_ptr<Upload>> open_source(net::Loop& loop, const TftpUrl& url, const std::string& file) {
  return file == "-" ? Upload::standard_input(loop, url.mode) : Upload::open(loop, file, url.mode);
}

net::Task<Result<void>> put_one(net::Loop& loop, PutVerb& verb, TftpUrl url, Upload& from,
                                service::TftpReport& report) {
  const bool is_shown = !verb.options.quiet && !verb.options.json;
  const Progress progress(loop, is_shown, url.name,
                          [&] { return Progress::Amount{from.bytes(), report.size_bytes}; });
  auto putting = service::tftp_put(loop, url, verb.wish, from, report);
  co_return co_await std::move(putting);
}

// Whatever goes wrong with one, the others are still sent; `status` is that of the first fault.
net::Task<Result<void>> put_all(net::Loop& loop, PutVerb& verb, int& status) {
  for (const std::string& file : verb.words) {
    service::TftpReport report;
    Result<void> outcome;
    const TftpUrl url = url_of(verb, file);
    if (auto source = open_source(loop, url, file)) {
      auto putting = put_one(loop, verb, url, **source, report);
      outcome = co_await std::move(putting);
    } else {
      outcome = fail(source.error());
    }
    const int told = verb.options.tell("uploaded", url, file, report, outcome);
    if (status == 0) status = told;
  }
  co_return Result<void>();
}

}  // namespace

int run_put(const Words& given) {
  PutVerb verb;
  Arguments arguments("put", "Uploads each FILE (- is stdin) to tftp://HOST[:PORT]/NAME.", closing);
  arguments.words("FILE", verb.words, 2, "Files, and behind them the URL");
  verb.options.declare(arguments);
  const auto parsed = arguments.parse(given);
  if (!parsed) return explain(parsed.error());
  if (!*parsed) return 0;
  if (const auto checked = verb.check(); !checked) return explain(checked.error());
  auto session = Session::open();
  if (!session) return explain(session.error());
  int status = 0;
  const int ended = (*session)->run(put_all((*session)->loop(), verb, status));
  return ended != 0 ? ended : status;
}

}  // namespace yam::cli
