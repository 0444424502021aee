#pragma once
// What all uploads of a run have in common, and what is told of each.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "yam/base/time.hpp"
#include "yam/service/http_client/http_url.hpp"
#include "yam/service/http_client/pace.hpp"
#include "yam/service/http_client/retry.hpp"

namespace yam::store {
class UploadPlaces;
}

namespace yam::service {

struct PutRules {
  bool replaces = false;  // what has the name there; else it stays
  unsigned retries = retries_default;
  bool retries_calls = false;             // also those to a server that never answered
  Pace* pace = nullptr;                   // null: no limit
  store::UploadPlaces* places = nullptr;  // where uploads of earlier runs stand; null: nothing is remembered
  // What a person should know meanwhile; may be empty.
  std::function<void(const std::string& words)> notice;
};

// How it goes, and in the end how it went.
struct PutReport {
  HttpUrl url;       // where it went in the end
  std::string peer;  // "127.0.0.1:80"
  std::string file;
  bool by_tus = false;
  bool is_verified = false;  // by the server's digest of what it has
  bool is_hopeless = false;  // whoever asks for another file would hear the same
  unsigned status = 0;       // of the last answer; 0: none
  unsigned requests = 0;     // redirects are not counted
  unsigned retries = 0;
  std::uint64_t began_at = 0;               // what an earlier run had brought there
  std::uint64_t bytes = 0;                  // sent now
  std::uint64_t at = 0;                     // how far it is, for who watches
  std::optional<std::uint64_t> size_bytes;  // absent for what has no length before its end
  Duration span{};
};

}  // namespace yam::service
