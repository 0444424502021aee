#include "yam/service/tftp_client/tftp_errand.hpp"

#include <map>
#include <sys/stat.h>

#include "yam/base/path.hpp"
#include "yam/base/text.hpp"

namespace yam::service {

namespace {

bool is_folder(const std::string& path) {
  struct stat status{};
  return path.ends_with('/') || (::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode));
}

std::string in_folder(const std::string& folder, const std::string& name) {
  return folder.empty() || folder.ends_with('/') ? folder + name : folder + "/" + name;
}

}  // namespace

Result<std::vector<TftpErrand>> plan_downloads(std::span<const TftpUrl> urls, const std::string& output) {
  const bool to_folder = output.empty() || is_folder(output);
  if (urls.size() > 1 && !to_folder && output != TftpErrand::standard)
    return fail(Code::usage, "one file cannot be " + std::to_string(urls.size()) + " downloads",
                "-o FOLDER/ takes them all");
  std::vector<TftpErrand> errands;
  std::map<std::string, const TftpUrl*> taken;
  for (const TftpUrl& url : urls) {
    if (!url.names_file()) return fail(Code::usage, url.to_string() + " names no file");
    TftpErrand errand{url, output};
    if (to_folder) {
      const auto name = url.local_name();  // only a name of its own can be wrong
      if (!name) return fail(name.error());
      errand.file = in_folder(output, *name);
      const auto [place, is_new] = taken.try_emplace(errand.file, &url);
      if (!is_new)
        return fail(
            Code::usage,
            place->second->to_string() + " and " + url.to_string() + " would both be " + quoted(errand.file),
            "get them one by one, each with -o of its own");
    }
    errands.push_back(std::move(errand));
  }
  return errands;
}

Result<std::vector<TftpErrand>> plan_uploads(std::span<const std::string> files, const TftpUrl& url) {
  if (url.names_file() && files.size() > 1)
    return fail(Code::usage, std::to_string(files.size()) + " files cannot all be " + url.to_string(),
                "a URL that ends in / is a folder");
  std::vector<TftpErrand> errands;
  std::map<std::string, std::string> taken;
  for (const std::string& file : files) {
    TftpErrand errand{url, file};
    if (!url.names_file()) {
      if (errand.is_standard())
        return fail(Code::usage, "stdin has no name", "write one behind " + url.to_string());
      if (last_part(file).empty()) return fail(Code::usage, quoted(file) + " names no file");
      errand.url.name += last_part(file);
    }
    const auto [place, is_new] = taken.try_emplace(errand.url.name, file);
    if (!is_new)
      return fail(Code::usage, quoted(place->second) + " and " + quoted(file) + " would both be " +
                                   errand.url.to_string());
    errands.push_back(std::move(errand));
  }
  return errands;
}

}  // namespace yam::service
