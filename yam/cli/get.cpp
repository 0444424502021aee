// yam get URL…: downloads files, one after the other.

#include <cstdio>
#include <sys/stat.h>

#include "yam/cli/arguments.hpp"
#include "yam/cli/progress.hpp"
#include "yam/cli/raw/session.hpp"
#include "yam/cli/tftp_options.hpp"
#include "yam/cli/verbs.hpp"
#include "yam/cli/voice.hpp"

namespace yam::cli {

namespace {

using service::Download;
using service::TftpUrl;

constexpr std::string_view closing =
    "A file is NAME.part until it is whole. Without -o it lands here, under the last part of its name.\n"
    "Port 69 is asked unless the URL has another. ^C tells the server, and leaves nothing behind.\n\n"
    "Examples:\n"
    "  yam get tftp://192.0.2.1/boot/pxelinux.0\n"
    "  yam get tftp://localhost:6969/firmware.bin -o /tmp/ -v\n"
    "  yam get tftp://router/running-config -o - --netascii | less\n"
    "  yam get tftp://old/rom.bin --no-options          a server that chokes on options\n";

struct GetVerb {
  std::vector<std::string> texts;
  std::string output;
  bool force = false;
  TftpOptions options;
  std::vector<TftpUrl> urls;
  service::TftpWish wish;

  Result<void> check();
  bool to_stdout() const { return output == "-"; }
};

bool is_folder(const std::string& path) {
  struct stat status{};
  return path.ends_with('/') || (::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode));
}

Result<void> GetVerb::check() {
  auto wished = options.wish();
  if (!wished) return fail(wished.error());
  wish = *wished;
  if (to_stdout() && options.json)
    return fail(Code::usage, "-o - and --json both want stdout", "-o /dev/stderr is another place");
  if (texts.size() > 1 && !output.empty() && !to_stdout() && !is_folder(output))
    return fail(Code::usage, "one file cannot be " + std::to_string(texts.size()) + " downloads",
                "-o FOLDER/ takes them all");
  for (const std::string& text : texts) {
    auto url = options.url(text);
    if (!url) return fail(url.error());
    if (!url->names_file()) return fail(Code::usage, url->to_string() + " names no file");
    // Only a name of its own can be wrong.
    if (const auto local = url->local_name(); !local && (output.empty() || is_folder(output)))
      return fail(local.error());
    urls.push_back(std::move(*url));
  }
  return {};
}

Result<std::unique_ptr<Download>> open_target(net::Loop& loop, const GetVerb& verb, const TftpUrl& url) {
  if (verb.to_stdout()) return Download::standard_output(loop);
  const std::string name = url.local_name().value_or("");
  const std::string path = verb.output.empty() ? name : service::path_for(verb.output, name);
  return Download::open(loop, path, verb.force ? Download::Existing::replaced : Download::Existing::kept);
}

net::Task<Result<void>> get_one(net::Loop& loop, GetVerb& verb, TftpUrl url, Download& into,
                                service::TftpReport& report) {
  const bool is_shown = !verb.options.quiet && !verb.options.json;
  const Progress progress(loop, is_shown, url.name,
                          [&] { return Progress::Amount{into.bytes(), report.size_bytes}; });
  auto getting = service::tftp_get(loop, url, verb.wish, into, report);
  co_return co_await std::move(getting);
}

// Whatever goes wrong with one, the others are still asked for; `status` is that of the first fault.
net::Task<Result<void>> get_all(net::Loop& loop, GetVerb& verb, int& status) {
  for (const TftpUrl& url : verb.urls) {
    service::TftpReport report;
    Result<void> outcome;
    std::string file;
    if (auto target = open_target(loop, verb, url)) {
      file = (*target)->path();
      auto getting = get_one(loop, verb, url, **target, report);
      outcome = co_await std::move(getting);
    } else {
      outcome = fail(target.error());
    }
    const int told = verb.options.tell("downloaded", url, file, report, outcome);
    if (status == 0) status = told;
  }
  co_return Result<void>();
}

}  // namespace

int run_get(const Words& given) {
  GetVerb verb;
  Arguments arguments("get", "Downloads the files of tftp://HOST[:PORT]/NAME URLs.", closing);
  arguments.words("URL", verb.texts, 1, "tftp://HOST[:PORT]/NAME");
  arguments.text("-o,--output", verb.output, "FILE", "Write there: a file, a folder, or - for stdout");
  arguments.flag("-f,--force", verb.force, "Replace a file that exists");
  verb.options.declare(arguments);
  const auto parsed = arguments.parse(given);
  if (!parsed) return explain(parsed.error());
  if (!*parsed) return 0;
  if (const auto checked = verb.check(); !checked) return explain(checked.error());
  auto session = Session::open();
  if (!session) return explain(session.error());
  int status = 0;
  const int ended = (*session)->run(get_all((*session)->loop(), verb, status));
  return ended != 0 ? ended : status;
}

}  // namespace yam::cli
