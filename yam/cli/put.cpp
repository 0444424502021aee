// yam put FILE… URL: uploads files.

#include "yam/cli/tftp_run.hpp"
#include "yam/cli/verbs.hpp"
#include "yam/cli/voice.hpp"

namespace yam::cli {

namespace {

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

  Result<std::vector<service::TftpErrand>> plan() const;
};

Result<std::vector<service::TftpErrand>> PutVerb::plan() const {
  auto url = options.url(words.back());
  if (!url) return fail(url.error());
  return service::plan_uploads(std::span(words).first(words.size() - 1), *url);
}

}  // namespace

int run_put(const Words& given) {
  PutVerb verb;
  Arguments arguments("put", "Uploads each FILE (- is stdin) to tftp://HOST[:PORT]/NAME.", closing);
  arguments.words("FILE", verb.words, 2, "Files, and behind them the URL", "FILE... URL");
  verb.options.declare(arguments);
  const auto parsed = arguments.parse(given);
  if (!parsed) return explain(parsed.error());
  if (!*parsed) return 0;
  service::TftpErrands::Setup setup;
  setup.write = true;
  return run_tftp(verb.options, verb.plan(), setup);
}

}  // namespace yam::cli
