#pragma once
// A web server's folder, walked: every file beneath it becomes an errand, under a path here that stays in its
// folder. It follows listings alone, never leaves the folder that it was started in, and ends: by depth, by
// count, and because every step leads deeper.

#include <string>
#include <vector>

#include "yam/service/http_client/http_fetch.hpp"
#include "yam/service/http_get/http_errand.hpp"
#include "yam/service/http_get/listing.hpp"

namespace yam::service {

struct HttpTreeRules {
  static constexpr unsigned depth_default = 32;

  // Patterns as the shell has them: of the last part, or, with a '/', of all below the start. A file needs
  // one of `include`, unless that is empty; what one of `exclude` fits is left out, with all beneath it.
  std::vector<std::string> include, exclude;
  unsigned depth = depth_default;  // 1: the folder itself alone
  bool skips_present = false;      // files that are here already, and not of another size
};

struct HttpTree {
  std::vector<HttpErrand> errands;  // in the order of the listings
  std::size_t folders = 0;
  std::size_t skipped = 0;    // were here
  std::size_t left_out = 0;   // cannot be files here, or lead elsewhere
  std::vector<Error> faults;  // of listings beneath the first
};

// Walks what lies beneath `url`, several listings at once, and makes the folders for it beneath `output`, or,
// when that is empty, beneath one with the name of the folder there. Code::refused, network and the like as
// http_fetch, of the first listing; Code::usage when it is no folder; Code::local for folders that cannot be
// made. All outlive it.
net::Task<Result<HttpTree>> walk_http_tree(HttpClient& client, HttpWish& wish, const HttpTreeRules* rules,
                                           HttpUrl url, std::string output);

// Unless it is there. Code::local.
Result<void> make_folder(const std::string& path);

// Whether `path`, relative, passes the filters.
bool passes(const HttpTreeRules& rules, const std::string& path, bool is_folder);

}  // namespace yam::service
