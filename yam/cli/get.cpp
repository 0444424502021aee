// yam get URL…: downloads files.

#include "yam/cli/tftp_run.hpp"
#include "yam/cli/verbs.hpp"
#include "yam/cli/voice.hpp"

namespace yam::cli {

namespace {

constexpr std::string_view closing =
    "A file is NAME.part until it is whole. Without -o it lands here, under the last part of its name.\n"
    "Port 69 is asked unless the URL has another. ^C tells the server, and leaves nothing behind.\n\n"
    "Examples:\n"
    "  yam get tftp://192.0.2.1/boot/pxelinux.0\n"
    "  yam get tftp://localhost:6969/firmware.bin -o /tmp/ -v\n"
    "  yam get tftp://router/running-config -o - --netascii | less\n"
    "  yam get tftp://192.0.2.1/{vmlinuz,initrd.img} --jobs 2\n"
    "  yam get tftp://192.0.2.1/boot.img --trace        draws the packets: what was lost, what came twice\n"
    "  yam get tftp://old/rom.bin --no-options          a server that chokes on options\n";

struct GetVerb {
  std::vector<std::string> texts;
  std::string output;
  bool force = false;
  TftpOptions options;

  Result<std::vector<service::TftpErrand>> plan() const;
};

Result<std::vector<service::TftpErrand>> GetVerb::plan() const {
  if (output == service::TftpErrand::standard && options.json)
    return fail(Code::usage, "-o - and --json both want stdout", "-o /dev/stderr is another place");
  std::vector<service::TftpUrl> urls;
  for (const std::string& text : texts) {
    auto url = options.url(text);
    if (!url) return fail(url.error());
    urls.push_back(std::move(*url));
  }
  return service::plan_downloads(urls, output);
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
  service::TftpErrands::Setup setup;
  if (verb.force) setup.existing = service::Download::Existing::replaced;
  return run_tftp(verb.options, verb.plan(), setup);
}

}  // namespace yam::cli
