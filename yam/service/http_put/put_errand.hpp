#pragma once
// What a command line with files and a URL asks for: uploads, each from a file here to a name there, and the
// folders to be made before. What could not end well is refused before anybody is asked.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "yam/net/loop/fd.hpp"
#include "yam/service/http_client/http_url.hpp"

namespace yam::service {

inline constexpr const char* put_standard = "-";  // as a file: stdin

struct PutErrand {
  std::string file;  // a path here, or put_standard
  HttpUrl url;       // of the file there
  std::string name;  // of it beneath the folder that the command line names: "a/b.txt"
  // As it was planned; absent for what is no regular file, and has no length before its end.
  std::optional<std::uint64_t> size_bytes = {};
  // Of a file in a folder: that folder, shared by all errands from it, and where it lies beneath.
  std::shared_ptr<const net::Fd> folder = {};
  std::string beneath = {};
};

struct PutPlan {
  HttpUrl into;                  // what the command line names, a folder or a file
  std::vector<HttpUrl> folders;  // to be made, each behind the one that it is in
  std::vector<PutErrand> errands;
  std::size_t left_out = 0;   // beneath folders: links to folders, and what is no file
  std::vector<Error> faults;  // beneath folders: what cannot be read
};

// Each file to `url`, or into it when that ends in '/'. A folder goes with all that is in it, under its name;
// "." without one. Code::usage for stdin without a name there, and for two that would become one;
// Code::local for what is not there.
Result<PutPlan> plan_http_uploads(std::span<const std::string> files, const HttpUrl& url);

}  // namespace yam::service
