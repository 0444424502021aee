#include "yam/service/http_get/http_errand.hpp"

#include <map>
#include <sys/stat.h>

#include "yam/base/text.hpp"
#include "yam/service/http_get/http_download.hpp"

namespace yam::service {

namespace {

bool is_output_folder(const std::string& path) {
  struct stat status{};
  return path.empty() || path.ends_with('/') ||
         (::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode));
}

}  // namespace

Result<std::vector<HttpErrand>> plan_http_downloads(std::span<const HttpUrl> urls, const std::string& output,
                                                    bool named_by_server) {
  const bool to_folder = is_output_folder(output);
  if (urls.size() > 1 && !to_folder && output != get_standard)
    return fail(Code::usage, "one file cannot be " + std::to_string(urls.size()) + " downloads",
                "-o FOLDER/ takes them all");
  if (named_by_server && !to_folder)
    return fail(Code::usage, "-O lets the server name the file, -o FILE does not", "-o FOLDER/ goes with -O");
  const std::string folder = output.empty() || output.ends_with('/') ? output : output + "/";
  std::vector<HttpErrand> errands;
  std::map<std::string, const HttpUrl*> taken;
  for (const HttpUrl& url : urls) {
    HttpErrand errand{url, to_folder ? folder : output, !to_folder};
    if (to_folder && !named_by_server) {
      const auto name = url.local_name();
      if (!name) return fail(name.error());
      errand.file += *name;
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

}  // namespace yam::service
