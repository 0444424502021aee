#pragma once
// A client's end of one HTTP/1.1 connection: requests go out, answers come in their order, and each wait has
// a limit. Content comes as views into its buffer, or goes to another stream, by splice where both are plain.
// It repeats nothing, follows nothing, and has no opinion on a status.
//
// One loop. Destroying it closes the connection.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "yam/net/connection.hpp"
#include "yam/net/relay.hpp"
#include "yam/proto/http/client_conversation.hpp"
#include "yam/service/http_client/http_url.hpp"

namespace yam::service {

// An answer's head, with the bytes that it is made of.
class HttpHead {
 public:
  HttpHead() = default;
  HttpHead(ByteView bytes, const proto::http::ResponseHead& parsed);
  HttpHead(HttpHead&&) = default;
  HttpHead& operator=(HttpHead&&) = default;

  std::uint16_t status() const { return parsed_.status; }
  std::string_view reason() const { return parsed_.reason; }  // escape it before a person sees it
  const proto::http::Fields& fields() const { return parsed_.fields; }
  // As it came, with the empty line behind it.
  std::string_view text() const { return {bytes_.data(), bytes_.size()}; }

 private:
  std::vector<char> bytes_;  // what the views of parsed_ borrow, also when this moves
  proto::http::ResponseHead parsed_;
};

// Told when a connection begins and ends; it may wrap the stream, to watch what passes.
class HttpObserver {
 public:
  virtual void handle_opened(net::Connection& connection) = 0;
  virtual void handle_closing(const net::Connection& connection, const std::string& how) = 0;

 protected:
  ~HttpObserver() = default;
};

class HttpConnection {
 public:
  // `origin`: whose resources it reaches. `silence`: how long nothing may move, and how long a head may take;
  // negative: no limit. The observer may be null, and outlives this.
  HttpConnection(net::Loop& loop, net::Connection connection, HttpOrigin origin, Duration silence,
                 HttpObserver* observer);
  ~HttpConnection();
  HttpConnection(const HttpConnection&) = delete;
  HttpConnection& operator=(const HttpConnection&) = delete;

  const HttpOrigin& origin() const { return origin_; }
  const std::string& peer() const { return connection_.peer; }

  // ---- Requests. Code::usage for what ClientConversation refuses; Code::network and Code::timeout. ----

  // Written now, sent with what follows, so that head and content leave together.
  Result<void> write_request(const proto::http::Ask& ask);
  // Sends what was written, and `content` of the last request behind it; it outlives the task.
  net::Task<Result<void>> send(ByteView content = {});
  // The next `bytes` of its content, out of `from`, by sendfile or splice where that is possible.
  // Code::local when there are fewer.
  net::Task<Result<void>> send_from(net::Stream& from, std::uint64_t bytes);
  // Content of the last request, all of it: sent with what follows, for what is small.
  Result<void> write_content(ByteView content);
  // The next `bytes` of its content, out of the regular file `file` from `offset` on; `sent` counts along.
  // Code::local when there are fewer.
  net::Task<Result<void>> send_file(int file, std::uint64_t offset, std::uint64_t bytes, std::uint64_t& sent);
  // The request is whole: sends its last chunk, if it has chunks.
  net::Task<Result<void>> finish_request();

  // ---- A server may have the last word before it has all of a request (RFC 9110 §10.1.1, RFC 9112 §9.3).
  // ----

  // After the head of a request that expects 100-continue was sent: true when its content is to follow, also
  // for a server that says nothing within `limit`. False: has_early_head().
  net::Task<Result<bool>> await_continue(Duration limit);
  // Does `sending`, which sends on this connection, and listens meanwhile: with a final answer, or an end,
  // it is cancelled where it stands.
  net::Task<Result<void>> while_listening(net::Task<Result<void>> sending);
  // Whether such an answer has come: receive_head() gives it.
  bool has_early_head() const { return has_early_head_; }

  // ---- Answers. Code::network when they are cut, Code::protocol when they are wrong, Code::timeout. ----

  // The next answer's head, interim ones skipped (RFC 9110 §15.2). What was left of the answer before must
  // have been received. `patience` is added to the limit, for what takes a server long.
  net::Task<Result<void>> receive_head(Duration patience = Duration::zero());
  const HttpHead& head() const { return head_; }  // until the next one
  // How its content is framed.
  const proto::http::Framing& framing() const { return conversation_.framing(); }

  // Its next piece, at most `bytes_max`, good until the next call; an empty one is its end.
  net::Task<Result<ByteView>> receive(std::size_t bytes_max = SIZE_MAX);
  // Moves the next `bytes_max` bytes, or all of it: source_ended. A cut is a failed reading.
  net::Task<net::Relayed> receive_into(net::Stream& into, std::uint64_t bytes_max,
                                       net::RelayObserver* observer = nullptr);
  // Receives the rest for nobody, when it is at most `bytes_max`; false when it is more, or anything fails.
  net::Task<bool> drop_content(std::uint64_t bytes_max);

  // A tunnel, after a CONNECT or an Upgrade that was answered so: what it was over, and what came already.
  net::Connection take_tunnel(Bytes& came);

  // Whether another request may follow, as far as one can say without asking.
  bool is_reusable();
  // Whether a byte came since the last request was written.
  bool has_answered() const { return answered_; }

 private:
  static constexpr std::size_t buffer_bytes_min = 64 * 1024;
  static constexpr std::size_t buffer_bytes_max = 256 * 1024;
  static constexpr Duration last_words_limit = std::chrono::seconds(1);  // of a connection that broke
  static constexpr std::uint64_t splice_bytes_min = 256 * 1024;          // fewer are not worth a pipe

  net::Task<Result<proto::http::Step>> step(Time deadline);
  net::Task<Result<bool>> fill(Time deadline);
  enum class Heard : std::uint8_t { nothing, interim, head };
  net::Task<Result<Heard>> listen(Time deadline, bool to_interim);
  net::Task<Result<void>> listen_for_head();
  void take_head(std::size_t bytes);
  void make_room();
  std::uint64_t spliceable(net::Stream& into);
  std::unexpected<Error> broken(Error error);

  net::Loop& loop_;
  net::Connection connection_;
  HttpOrigin origin_;
  Duration silence_;
  HttpObserver* observer_;
  proto::http::ClientConversation conversation_;
  HttpHead head_;
  std::string out_;  // written, not sent
  std::vector<std::byte> buffer_;
  std::size_t begin_ = 0, end_ = 0;  // what was read and not used
  ByteView content_;                 // a view of the buffer, not given out yet
  bool content_ended_ = true;
  bool answered_ = false;
  bool has_early_head_ = false;
  bool is_broken_ = false;
  std::string how_ = "we closed";
};

}  // namespace yam::service
