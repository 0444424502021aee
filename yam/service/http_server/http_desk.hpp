#pragma once
// What a connection needs while requests come and are answered, and an idle one does without: the machine,
// what has come and what is to go. A loop has a few desks, which its connections borrow in turn.

#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "yam/base/bytes.hpp"
#include "yam/proto/http/server_conversation.hpp"

namespace yam::service {

// What has come from a peer and was not used yet, in one piece. Views of it hold until space() or append().
class HttpInput {
 public:
  static constexpr std::size_t head_buffer_bytes = 8 * 1024;       // at first, for heads
  static constexpr std::size_t content_buffer_bytes = 128 * 1024;  // for content

  explicit HttpInput(std::size_t bytes = head_buffer_bytes) : bytes_(bytes) {}

  ByteView unread() const { return ByteView(bytes_).subspan(begin_, end_ - begin_); }
  bool empty() const { return begin_ == end_; }
  void drop(std::size_t count) { begin_ += count; }
  // Where the next bytes go: never empty.
  ByteSpan space();
  void take(std::size_t count) { end_ += count; }
  void append(ByteView bytes);
  // Nothing in it; memory beyond head_buffer_bytes is let go of.
  void clear();

 private:
  void make_room(std::size_t count);

  Bytes bytes_;
  std::size_t begin_ = 0, end_ = 0;
};

struct HttpDesk {
  proto::http::ServerConversation conversation;
  HttpInput input;
  std::string output;  // heads and short content, to be sent
};

class HttpDesks {
 public:
  static constexpr std::size_t kept_max = 64;              // that nobody uses
  static constexpr std::size_t kept_output_bytes = 65536;  // a longer one is let go of

  // Gives the desk back when it goes. `desks` outlives it.
  class Loan {
   public:
    explicit Loan(HttpDesks& desks) : desks_(desks), desk_(desks.lend()) {}
    ~Loan() { desks_.take_back(std::move(desk_)); }
    Loan(const Loan&) = delete;
    Loan& operator=(const Loan&) = delete;

    HttpDesk& operator*() const { return *desk_; }
    HttpDesk* operator->() const { return desk_.get(); }

   private:
    HttpDesks& desks_;
    std::unique_ptr<HttpDesk> desk_;
  };

 private:
  std::unique_ptr<HttpDesk> lend();
  void take_back(std::unique_ptr<HttpDesk> desk);

  std::vector<std::unique_ptr<HttpDesk>> free_;
};

}  // namespace yam::service
