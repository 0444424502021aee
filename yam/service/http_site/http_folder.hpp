#pragma once
// A folder as an answer to GET and HEAD: its index.html where there is one, else what it holds.

#include <string>
#include <utility>
#include <vector>

#include "yam/service/http_server/http_exchange.hpp"
#include "yam/store/folder.hpp"

namespace yam::service {

class HttpServer;

struct ShownFolder {
  // `folder` outlives the answer.
  ShownFolder(const store::Folder& f, std::string n, std::string p)
      : folder(&f), name(std::move(n)), path(std::move(p)) {}

  const store::Folder* folder;
  std::string name;       // beneath it; empty for that itself
  std::string path;       // beneath the start, as the page shows it
  bool has_index = true;  // an index.html in it stands for it
};

// Both references outlive the task.
net::Task<Result<>> answer_with_folder(HttpServer& server, HttpExchange& exchange, ShownFolder shown);

struct ShownListing {
  std::string path = {};                         // as the page shows it
  std::vector<store::FolderEntry> entries = {};  // in any order
  bool was_cut = false;                          // there is more
  bool has_archives = true;                      // all of it, or some, is to be had as one
};

// The listing alone. Both references outlive the task.
net::Task<Result<>> answer_with_listing(HttpServer& server, HttpExchange& exchange, ShownListing shown);

}  // namespace yam::service
