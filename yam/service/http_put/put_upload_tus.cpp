// Of put_upload.hpp: an upload by tus 1.0.0. Its URL is remembered before any content goes, so that whoever
// is killed in the middle can go on.

#include <climits>
#include <cstdlib>
#include <utility>

#include "yam/base/quantity.hpp"
#include "yam/base/text.hpp"
#include "yam/service/http_put/put_upload.hpp"

namespace yam::service {

namespace tus = proto::tus;
using net::Task;

namespace {

// Goes with the creation, where the server takes that: one request instead of two, and little to lose.
constexpr std::uint64_t whole_bytes_max = 1024 * 1024;
constexpr unsigned locked = 423;

bool is_gone(unsigned status) {
  return status == 403 || status == 404 || status == 410;
}

}  // namespace

PutRequest PutUpload::tus_request(std::string method, const HttpUrl& url,
                                  const std::vector<tus::SentField>& fields) const {
  PutRequest put;
  put.request.method = std::move(method);
  put.request.url = url;
  put.request.fields = {{"User-Agent", "yam"}};
  for (const tus::SentField& field : fields)
    put.request.fields.push_back({std::string(field.name), field.value});
  return put;
}

Task<PutUpload::Outcome> PutUpload::attempt_tus() {
  if (!place_ && key() && rules_.places != nullptr)
    if (const auto known = rules_.places->find(*key()))
      if (auto url = errand_.url.resolve(*known)) {
        place_ = std::move(*url);
        is_known_ = true;
      }
  if (place_) {
    auto finding = find_position();
    if (auto found = co_await std::move(finding); !found) co_return found;
  }
  if (!place_) {
    auto creating = create();
    if (auto created = co_await std::move(creating); !created) co_return created;
  }
  if (source_->is_stream()) {
    auto appending = append_stream();
    if (auto appended = co_await std::move(appending); !appended) co_return appended;
  }
  while (!source_->is_stream() && offset_ < source_->size_bytes()) {
    auto appending = append();
    if (auto appended = co_await std::move(appending); !appended) co_return appended;
  }
  auto ending = end_tus();
  co_return co_await std::move(ending);
}

// Where an upload stands that was begun before: in place_ and offset_. No place is left when it must be begun
// anew.
Task<PutUpload::Outcome> PutUpload::find_position() {
  auto asking = ask(tus_request("HEAD", *place_, tus::plain_fields()));
  auto asked = co_await std::move(asking);
  if (!asked) co_return std::unexpected(std::move(asked.error()));
  const HttpHead& head = (*asked)->head();
  const unsigned status = head.status();
  const auto position = tus::read_position(status, head.fields());
  const std::uint64_t size = source_->size_bytes();
  const bool is_other = position && (position->offset > size || position->length.value_or(size) != size);
  if (is_gone(status) || is_other) {
    say("the server has forgotten what it had of it: begun anew");
    forget();
    offset_ = report_.began_at = report_.at = 0;
  } else if (!position) {
    Fault fault{position.error()};
    fault.error.what = place_->to_string() + ": " + fault.error.what;
    fault.again = is_passing(status) || status == locked;
    co_return std::unexpected(std::move(fault));
  } else {
    offset_ = report_.at = position->offset;
    is_file_named_ = head.fields().count("Content-Location") > 0;
    if (std::exchange(is_known_, false) && offset_ > 0) {
      report_.began_at = offset_;
      say("goes on at " + print_bytes(offset_) + " of " + print_bytes(size));
    }
  }
  auto dropping = (*asked)->drop_content(0);
  if (const bool dropped = co_await std::move(dropping); dropped) client_.keep(std::move(*asked));
  co_return Outcome();
}

Task<PutUpload::Outcome> PutUpload::create() {
  tus::NewUpload upload;
  upload.metadata = {{"filename", errand_.name}};
  const bool is_stream = source_->is_stream();
  if (is_stream && !offer_.tus.defer_length)
    co_return failed({Code::refused, into_.to_string() + " takes nothing whose length is not known before",
                      "write it to a file first"});
  if (!is_stream) upload.length = source_->size_bytes();
  upload.with_content = !is_stream && offer_.tus.creation_with_upload && source_->size_bytes() > 0 &&
                        source_->size_bytes() <= whole_bytes_max;
  HttpUrl folder = into_;
  folder.path = folder.path.substr(0, folder.path.rfind('/') + 1);
  PutRequest put = tus_request("POST", folder, tus::creation_fields(upload));
  if (!rules_.replaces) put.request.fields.push_back({"If-None-Match", "*"});
  if (upload.with_content) put.source = source_.get();
  auto asking = ask(std::move(put));
  auto asked = co_await std::move(asking);
  if (!asked) co_return std::unexpected(std::move(asked.error()));
  const HttpHead& head = (*asked)->head();
  const auto created = tus::read_created(head.status(), head.fields());
  if (!created && head.status() / 100 == 2) co_return failed(created.error());
  if (!created) {
    auto refusing = refused_by(**asked);
    co_return co_await std::move(refusing);
  }
  auto place = asking_.url().resolve(created->location);
  const std::string words = asking_.url().to_string() + " leads to " + quoted(created->location);
  if (!place) co_return failed({Code::protocol, words, ""});
  if (errand_.url.origin.tls && !place->origin.tls)
    co_return failed({Code::refused, words + ", without TLS", ""});
  const std::uint64_t whole = upload.length.value_or(0);
  if (created->offset > whole)
    co_return failed({Code::protocol, words + " and has more of it than there is", ""});
  offset_ = created->offset;
  is_file_named_ = head.fields().count("Content-Location") > 0;
  // Some count what came with the creation only when they are asked.
  if (upload.with_content && head.fields().count(tus::field::offset) == 0) offset_ = 0;
  place_ = std::move(*place);
  if (offset_ < whole) remember(place_->to_string());
  auto dropping = (*asked)->drop_content(last_piece_bytes);
  if (const bool dropped = co_await std::move(dropping); dropped) client_.keep(std::move(*asked));
  co_return Outcome();
}

// The rest, in one request.
Task<PutUpload::Outcome> PutUpload::append() {
  tus::Piece piece;
  piece.offset = offset_;
  PutRequest put = tus_request("PATCH", *place_, tus::piece_fields(piece));
  put.source = source_.get();
  put.offset = offset_;
  auto asking = ask(std::move(put));
  auto asked = co_await std::move(asking);
  if (!asked) {
    if (source_->check_unchanged()) co_return std::unexpected(std::move(asked.error()));
    // It became another one: what the server has of it is of no use to anybody.
    if (offer_.tus.termination) {
      auto ending = this->ask(tus_request("DELETE", *place_, tus::plain_fields()));
      static_cast<void>(co_await std::move(ending));
    }
    forget();
    co_return std::unexpected(std::move(asked.error()));
  }
  const HttpHead& head = (*asked)->head();
  const unsigned status = head.status();
  if (status == 409 || status == locked || is_gone(status)) {
    // It stands elsewhere, or the server has not noticed that the connection before is gone.
    Fault fault{put_refusal(asking_.url(), head, "")};
    fault.again = true;
    co_return std::unexpected(std::move(fault));
  }
  const std::uint64_t sent = source_->size_bytes() - offset_;
  const auto appended = tus::read_appended(status, head.fields(), offset_, sent);
  if (!appended && status / 100 == 2) co_return failed(appended.error());
  if (!appended) {
    auto refusing = refused_by(**asked);
    co_return co_await std::move(refusing);
  }
  if (*appended == offset_)
    co_return failed({Code::protocol, asking_.url().to_string() + ": the server keeps nothing", ""});
  offset_ = *appended;
  is_file_named_ = head.fields().count("Content-Location") > 0;
  auto dropping = (*asked)->drop_content(last_piece_bytes);
  if (const bool dropped = co_await std::move(dropping); dropped) client_.keep(std::move(*asked));
  co_return Outcome();
}

// All of it without a length, which is told behind.
Task<PutUpload::Outcome> PutUpload::append_stream() {
  for (const bool is_last : {false, true}) {
    tus::Piece piece;
    piece.offset = offset_;
    if (is_last) piece.length = offset_;
    PutRequest put = tus_request("PATCH", *place_, tus::piece_fields(piece));
    if (!is_last) put.source = source_.get();
    auto asking = ask(std::move(put));
    auto asked = co_await std::move(asking);
    if (!asked) co_return std::unexpected(std::move(asked.error()));
    const HttpHead& head = (*asked)->head();
    const std::uint64_t sent = is_last ? 0 : report_.bytes;
    const auto appended = tus::read_appended(head.status(), head.fields(), offset_, sent);
    if (!appended && head.status() / 100 == 2) co_return failed(appended.error());
    if (!appended) {
      auto refusing = refused_by(**asked);
      co_return co_await std::move(refusing);
    }
    if (*appended != offset_ + sent)
      co_return failed({Code::protocol, asking_.url().to_string() + ": the server has not kept all", ""});
    offset_ = *appended;
    is_file_named_ = head.fields().count("Content-Location") > 0;
    auto dropping = (*asked)->drop_content(last_piece_bytes);
    if (const bool dropped = co_await std::move(dropping); dropped) client_.keep(std::move(*asked));
  }
  co_return Outcome();
}

// All is there. A server that says what the file is called has a receipt, too. Only then is it forgotten: a
// kill in between finds the upload finished, instead of a name that is taken.
Task<PutUpload::Outcome> PutUpload::end_tus() {
  PutReceipt receipt;
  if (is_file_named_) {
    PutRequest put = tus_request("GET", *place_, tus::plain_fields());
    put.request.fields.push_back({"Accept", "application/json"});
    auto asking = ask(std::move(put));
    auto asked = co_await std::move(asking);
    if (!asked) co_return std::unexpected(std::move(asked.error()));
    auto receiving = receive_put_answer(**asked);
    PutAnswer answer = co_await std::move(receiving);
    receipt = std::move(answer.receipt);
    client_.keep(std::move(*asked));
  }
  report_.url = errand_.url;
  auto comparing = compare(std::move(receipt));
  auto compared = co_await std::move(comparing);
  forget();
  co_return compared;
}

// ---- what is remembered

std::optional<store::UploadKey> PutUpload::key() const {
  if (source_->is_stream()) return std::nullopt;
  char path[PATH_MAX];
  if (::realpath(errand_.file.c_str(), path) == nullptr) return std::nullopt;
  HttpUrl target = errand_.url;
  target.fragment.clear();
  return store::UploadKey{target.to_string(), path, source_->version()};
}

void PutUpload::remember(const std::string& url) {
  if (rules_.places == nullptr || !key()) return;
  rules_.places->keep(*key(), url);
}

void PutUpload::forget() {
  place_.reset();
  if (rules_.places != nullptr && key()) rules_.places->forget(*key());
}

}  // namespace yam::service
