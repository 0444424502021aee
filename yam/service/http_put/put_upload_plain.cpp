// Of put_upload.hpp: an upload by PUT (RFC 9110 §9.3.4).

#include <utility>

#include "yam/base/text.hpp"
#include "yam/proto/http/field/digest.hpp"
#include "yam/service/http_put/put_upload.hpp"
#include "yam/store/ledger/digest.hpp"

namespace yam::service {

namespace http = proto::http;
using net::Task;

Task<PutUpload::Outcome> PutUpload::attempt_put() {
  PutRequest put;
  put.request.method = "PUT";
  put.request.url = errand_.url;
  put.request.fields = {{"User-Agent", "yam"}, {"Accept", "application/json, text/plain, */*"}};
  if (!rules_.replaces) put.request.fields.push_back({"If-None-Match", "*"});
  put.source = source_.get();
  report_.at = 0;
  auto asking = ask(std::move(put));
  auto asked = co_await std::move(asking);
  if (!asked) {
    was_sent_ = was_sent_ || asking_.has_sent_all();
    co_return std::unexpected(std::move(asked.error()));
  }
  HttpConnection& connection = **asked;
  const unsigned status = connection.head().status();
  if (status / 100 != 2) {
    if (was_sent_ && (status == 412 || status == 409)) {
      auto looking = is_there();
      const std::optional<bool> arrived = co_await std::move(looking);
      if (arrived == true) {
        say("it had arrived before; the answer was lost");
        co_return Outcome();
      }
      Error error{Code::refused, asking_.url().to_string() + ": there is a file of that name now", ""};
      if (!arrived) error.hint = "it may be this one, sent a moment ago: the answer to that was lost";
      co_return failed(std::move(error));
    }
    auto refusing = refused_by(connection);
    co_return co_await std::move(refusing);
  }
  auto receiving = receive_put_answer(connection);
  const PutAnswer answer = co_await std::move(receiving);
  client_.keep(std::move(*asked));
  auto comparing = compare(answer.receipt);
  co_return co_await std::move(comparing);
}

// Whether what has the name now is this file: absent when that cannot be said.
Task<std::optional<bool>> PutUpload::is_there() {
  if (source_->is_stream()) co_return std::nullopt;
  PutRequest put;
  put.request.method = "GET";
  put.request.url = errand_.url;
  put.request.fields = {{"User-Agent", "yam"}, {"Accept-Encoding", "identity"}};
  auto asking = ask(std::move(put));
  auto asked = co_await std::move(asking);
  if (!asked || (*asked)->head().status() != 200) co_return std::nullopt;
  HttpConnection& connection = **asked;
  if (connection.framing().body == http::Body::length &&
      connection.framing().length_bytes != source_->size_bytes())
    co_return false;
  auto told = http::find_digest(connection.head().fields(), "Repr-Digest", http::sha256_name);
  if (!told) {
    // It comes back whole; there is no cheaper way to know.
    store::Digest coming(store::DigestKind::sha256);
    for (std::uint64_t came = 0;;) {
      auto receiving = connection.receive();
      const auto piece = co_await std::move(receiving);
      if (!piece) co_return std::nullopt;
      if (piece->empty()) break;
      came += piece->size();
      if (came > source_->size_bytes()) co_return false;
      coming.add(*piece);
    }
    told = coming.finish();
    client_.keep(std::move(*asked));
  }
  auto digesting = digest();
  const auto sha256 = co_await std::move(digesting);
  if (!sha256) co_return std::nullopt;
  report_.is_verified = *sha256 == *told;
  co_return report_.is_verified;
}

}  // namespace yam::service
