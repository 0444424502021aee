#pragma once
// One upload: by PUT, which a server takes whole or not at all, or by tus, which goes on where it was cut, in
// this run or in a later one. Nothing on the server is overwritten unless the rules say so. What may well
// pass is tried again; what a server has in the end is compared with what was sent, where it says so.
//
// One loop. Cancelled, an upload by tus is remembered.

#include <memory>
#include <optional>
#include <string>

#include "yam/service/http_put/put_answer.hpp"
#include "yam/service/http_put/put_errand.hpp"
#include "yam/service/http_put/put_offer.hpp"
#include "yam/service/http_put/put_request.hpp"
#include "yam/store/ledger/upload_places.hpp"

namespace yam::service {

class PutUpload {
 public:
  // `into`: what the command line names, where uploads by tus begin. `was_sent`: it was sent before, and
  // nobody knows whether it arrived. The references outlive it.
  PutUpload(HttpClient& client, HttpWish& wish, const PutRules& rules, const PutOffer& offer,
            const HttpUrl& into, const PutErrand& errand, bool was_sent, PutReport& report);
  ~PutUpload();
  PutUpload(const PutUpload&) = delete;
  PutUpload& operator=(const PutUpload&) = delete;

  // Once. Code::refused when the server says no, Code::network and Code::timeout when it fell silent too
  // often, Code::verification when it has other bytes than were sent, Code::local for this machine's files,
  // Code::protocol and Code::identity.
  net::Task<Result<void>> run();

 private:
  struct Fault {
    Error error;
    bool again = false;  // it may well pass
    std::optional<Duration> wait = {};
  };
  using Outcome = std::expected<void, Fault>;
  using Answered = std::expected<std::unique_ptr<HttpConnection>, Fault>;

  std::unexpected<Fault> failed(Error error) const;
  net::Task<Outcome> refused_by(HttpConnection& connection);
  net::Task<Answered> ask(PutRequest put);
  net::Task<Outcome> attempt();
  Error last_words(Error error) const;
  void say(const std::string& words) const;

  // ---- by PUT
  net::Task<Outcome> attempt_put();
  net::Task<std::optional<bool>> is_there();

  // ---- by tus
  net::Task<Outcome> attempt_tus();
  net::Task<Outcome> find_position();
  net::Task<Outcome> create();
  net::Task<Outcome> append();
  net::Task<Outcome> append_stream();
  net::Task<Outcome> end_tus();
  PutRequest tus_request(std::string method, const HttpUrl& url,
                         const std::vector<proto::tus::SentField>& fields) const;
  std::optional<store::UploadKey> key() const;
  void remember(const std::string& url);
  void forget();

  // ---- what arrived
  void begin_digest();
  net::Task<Result<Bytes>> digest();
  net::Task<Outcome> compare(PutReceipt receipt);
  Outcome compare_with(const PutReceipt& receipt, ByteView sha256);

  class Digesting;

  HttpClient& client_;
  const PutRules& rules_;
  const PutOffer& offer_;
  const HttpUrl& into_;
  const PutErrand& errand_;
  PutReport& report_;
  PutAsking asking_;
  std::shared_ptr<PutSource> source_;  // shared with the thread that hashes it
  bool was_sent_;                      // perhaps all of it, in an attempt whose answer never came
  std::unique_ptr<Digesting> digesting_;

  std::optional<HttpUrl> place_;  // of the upload by tus
  bool is_known_ = false;         // it is from an earlier run
  std::uint64_t offset_ = 0;      // where it stands
  bool is_file_named_ = false;  // the server says what the file is called there: its receipt is worth asking
};

}  // namespace yam::service
