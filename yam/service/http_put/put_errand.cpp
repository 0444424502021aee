#include "yam/service/http_put/put_errand.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <map>
#include <sys/stat.h>
#include <utility>

#include "yam/base/address/percent.hpp"
#include "yam/base/path.hpp"
#include "yam/base/text.hpp"
#include "yam/service/http_put/put_tree.hpp"

namespace yam::service {

namespace {

HttpUrl url_below(const HttpUrl& folder, std::string_view name, bool is_folder) {
  HttpUrl url = folder;
  while (!name.empty()) {
    const std::size_t end = std::min(name.find('/'), name.size());
    url.path += percent_encoded_segment(name.substr(0, end));
    name.remove_prefix(std::min(end + 1, name.size()));
    if (!name.empty()) url.path += '/';
  }
  if (is_folder) url.path += '/';
  return url;
}

// "a/b/" is b; "." and ".." have no name of their own.
std::string_view own_name(std::string_view path) {
  while (path.ends_with('/'))
    path.remove_suffix(1);
  const std::string_view name = last_part(path);
  return name == "." || name == ".." ? std::string_view() : name;
}

Result<void> plan_folder(const std::string& path, const HttpUrl& url, PutPlan& plan) {
  net::Fd opened(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!opened) return fail_os("cannot open " + quoted(path), errno);
  const auto folder = std::make_shared<const net::Fd>(std::move(opened));
  auto tree = read_put_tree(*folder, path);
  if (!tree) return fail(tree.error());
  HttpUrl base = url;
  std::string before;
  if (url.is_folder()) {
    if (const std::string_view name = own_name(path); !name.empty()) before = std::string(name) + "/";
    base = url_below(url, own_name(path), !before.empty());
  } else {
    base.path += '/';  // the folder gets the name that the URL ends in
    plan.into = base;
  }
  if (base != url) plan.folders.push_back(base);
  for (const std::string& name : tree->folders)
    plan.folders.push_back(url_below(base, name, true));
  const std::string shown = path.ends_with('/') ? path : path + "/";
  for (PutTree::File& file : tree->files) {
    PutErrand errand{shown + file.name, url_below(base, file.name, false), before + file.name};
    errand.size_bytes = file.size_bytes;
    errand.folder = folder;
    errand.beneath = std::move(file.name);
    plan.errands.push_back(std::move(errand));
  }
  plan.left_out += tree->left_out;
  plan.faults.insert(plan.faults.end(), tree->faults.begin(), tree->faults.end());
  return {};
}

Result<void> plan_file(const std::string& path, const HttpUrl& url, PutPlan& plan) {
  struct stat status{};
  const bool is_standard = path == put_standard;
  if (!is_standard && ::stat(path.c_str(), &status) != 0)
    return fail_os("cannot open " + quoted(path), errno);
  if (S_ISDIR(status.st_mode)) return plan_folder(path, url, plan);
  const std::string_view own = is_standard ? std::string_view() : last_part(path);
  if (url.is_folder() && own.empty())
    return fail(Code::usage, "stdin has no name", "write one behind " + url.to_string());
  PutErrand errand{path, url, std::string(own)};
  if (url.is_folder()) {
    errand.url = url_below(url, own, false);
  } else {
    const auto name = percent_decoded(Typed(last_part(url.path)));
    if (!name) return fail(name.error());
    errand.name = *name;
  }
  if (S_ISREG(status.st_mode)) errand.size_bytes = static_cast<std::uint64_t>(status.st_size);
  plan.errands.push_back(std::move(errand));
  return {};
}

}  // namespace

Result<PutPlan> plan_http_uploads(std::span<const std::string> files, const HttpUrl& url) {
  if (!url.is_folder() && files.size() > 1)
    return fail(Code::usage, std::to_string(files.size()) + " files cannot all be " + url.to_string(),
                "a URL that ends in / is a folder");
  PutPlan plan;
  plan.into = url;
  for (const std::string& file : files)
    if (auto planned = plan_file(file, url, plan); !planned) return fail(planned.error());
  std::map<std::string_view, const PutErrand*> taken;
  for (const PutErrand& errand : plan.errands) {
    const auto [place, is_new] = taken.try_emplace(errand.url.path, &errand);
    if (!is_new)
      return fail(Code::usage, quoted(place->second->file) + " and " + quoted(errand.file) +
                                   " would both be " + errand.url.to_string());
  }
  return plan;
}

}  // namespace yam::service
