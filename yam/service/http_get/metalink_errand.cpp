#include "yam/service/http_get/metalink_errand.hpp"

#include <set>
#include <utility>

#include "yam/base/text.hpp"
#include "yam/proto/http/field/media_type.hpp"
#include "yam/proto/metalink/metalink_writer.hpp"

namespace yam::service {

namespace metalink = proto::metalink;

namespace {

bool is_proven(const metalink::DescribedFile& file) {
  const auto is_good = [](const auto& proof) { return proof && proof->kind >= metalink::HashKind::sha256; };
  return is_good(file.hash) || is_good(file.pieces);
}

}  // namespace

bool is_metalink(const HttpHead& head) {
  const auto type = head.fields().only("Content-Type");
  const auto media = type ? proto::http::parse_media_type(*type) : std::nullopt;
  return media && media->is(metalink::media_type);
}

bool is_metalink(const HttpUrl& url) {
  return url.path.ends_with(metalink_suffix) && !url.path.ends_with("/.meta4");
}

Result<std::vector<MetalinkErrand>> plan_metalink(const HttpUrl& document, std::string_view text) {
  auto files = metalink::parse_metalink(text);
  if (!files) {
    Error error = files.error();
    error.what = document.to_string() + ": " + error.what;
    error.hint = "--no-metalink keeps it as a file";
    return fail(std::move(error));
  }
  std::vector<MetalinkErrand> errands;
  std::set<std::vector<std::string>> paths;
  for (metalink::DescribedFile& file : *files) {
    MetalinkErrand errand;
    errand.document = document;
    for (const std::string& part : file.path) {
      auto name = clean_name(part);
      if (!name) return fail(name.error());
      errand.path.push_back(std::move(*name));
    }
    const std::string name = quoted(errand.path.back());
    if (!paths.insert(errand.path).second)
      return fail(Code::refused, document.to_string() + ": two files would both be " + name);
    for (const std::string& url : file.urls) {
      auto mirror = document.resolve(url);
      if (!mirror || (document.origin.tls && !mirror->origin.tls && !is_proven(file))) continue;
      errand.mirrors.push_back(std::move(*mirror));
    }
    if (errand.mirrors.empty())
      return fail(Code::refused, document.to_string() + ": no URL of " + name + " is one that yam asks",
                  "http:// and https:// are; from https:// to http:// only what a SHA-256 proves");
    errand.size_bytes = file.size_bytes;
    errand.hash = std::move(file.hash);
    errand.pieces = std::move(file.pieces);
    errands.push_back(std::move(errand));
  }
  return errands;
}

}  // namespace yam::service
