#pragma once
// Content codings (RFC 9110 §8.4.1) on their way out: gzip, br and zstd, set for speed and little memory,
// since each answer is encoded anew.
//
// For the loop's own thread.

#include <array>
#include <memory>
#include <string>
#include <string_view>

#include "yam/base/bytes.hpp"

namespace yam::service {

class ContentEncoder {
 public:
  // How many may be at work at once.
  class Slots {
   public:
    static constexpr unsigned encoders_max = 32;

   private:
    friend class ContentEncoder;
    unsigned left_ = encoders_max;
  };

  // Best first: of pages and sources all three make about the same, zstd in half the time of the others.
  static constexpr std::array<std::string_view, 3> offered{"zstd", "br", "gzip"};

  // Null for another coding, when no slot is left, and when there is no memory. The slots outlive it.
  static std::unique_ptr<ContentEncoder> open(std::string_view coding, Slots& slots);

  virtual ~ContentEncoder();
  ContentEncoder(const ContentEncoder&) = delete;
  ContentEncoder& operator=(const ContentEncoder&) = delete;

  // Appends what comes out by now; much of it may come later.
  void encode(std::string_view content, std::string& out) { step(content, false, out); }
  // Appends the rest; nothing follows.
  void finish(std::string& out) { step({}, true, out); }

 protected:
  ContentEncoder() = default;
  static constexpr std::size_t step_bytes = 16 * 1024;

 private:
  virtual bool begin() = 0;
  virtual void step(std::string_view content, bool is_last, std::string& out) = 0;

  Slots* slots_ = nullptr;
};

}  // namespace yam::service
