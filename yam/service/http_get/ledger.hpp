#pragma once
// What is known of an unfinished download, kept beside NAME.part as NAME.part.yam: of what it is a part, and
// which bytes of it are there, proven by hashes, and on the disk. Text, so that a person can read it; it
// opens no files.
//
// It is honest after kill -9, since what was written before stays with the kernel. After a crash of the
// machine only what was synced counts.

#include <cstdint>
#include <string>
#include <string_view>

#include "yam/base/result.hpp"
#include "yam/service/http_get/span_set.hpp"

namespace yam::service {

struct Ledger {
  static constexpr std::size_t bytes_max = 8 * 1024 * 1024;
  static constexpr std::size_t checked_bytes = 64 * 1024;

  std::string url;               // as it was asked for, without its fragment
  std::string tag;               // the strong entity tag, with its quotes (RFC 9110 §8.8.3)
  std::uint64_t size_bytes = 0;  // of the whole
  std::int64_t modified = 0;     // Last-Modified, in seconds since 1970; 0: not known
  std::string boot;              // the kernel's boot id when `there` was written
  // Everything was written from front to back, so that the file's length says more than `there`.
  bool is_in_order = true;
  SpanSet there;
  SpanSet verified;  // of it: what the hashes of pieces have proven
  SpanSet synced;    // of it: what the disk has
  // SHA-256 of the last checked_bytes of the last span, as hex: that the file is the one that was written.
  std::string check;

  // `span` is not there any more.
  void forget(Span span);
  // What lies behind this boot's end: of `there` what is synced, and nothing from front to back.
  void outlive_crash();

  std::string to_text() const;
  // Code::protocol for anything that to_text() does not write; `bytes_max` is the reader's to keep.
  static Result<Ledger> parse(std::string_view text);

  bool operator==(const Ledger&) const = default;
};

}  // namespace yam::service
