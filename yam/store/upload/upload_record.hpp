#pragma once
// What is written down about an unfinished upload, so that it goes on after the server was killed; how many
// of its bytes there are, its file says.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "yam/base/bytes.hpp"
#include "yam/base/result.hpp"
#include "yam/store/new_file.hpp"

namespace yam::store {

// 32 random hex digits: who does not know it does not guess it.
struct UploadId {
  std::string digits;

  static UploadId draw();
  static std::optional<UploadId> parse(std::string_view text);
  bool operator==(const UploadId&) const = default;
};

struct UploadRecord {
  std::string name = {};                     // beneath the served folder; empty for a part of another one
  std::optional<std::uint64_t> length = {};  // bytes, once it is known
  IfExists if_exists = IfExists::refuse;
  std::chrono::sys_seconds expires = {};
  std::string metadata = {}, concatenation = {};  // the client's words, kept for it
  // While bytes come that a checksum has yet to prove: what lies behind this offset does not count.
  std::optional<std::uint64_t> proven = {};
  // Once it has its name: which one, and what it holds.
  std::string finished_name = {};
  Bytes sha256 = {};

  bool operator==(const UploadRecord&) const = default;
};

std::string write_record(const UploadRecord& record);
// Absent for anything that write_record() would not have written.
std::optional<UploadRecord> parse_record(std::string_view text);

}  // namespace yam::store
