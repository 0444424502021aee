#include "yam/service/http_tus/tus_creation.hpp"

#include <algorithm>
#include <memory>
#include <unistd.h>
#include <utility>
#include <vector>

#include "yam/net/loop/elsewhere.hpp"
#include "yam/service/http_server/http_path.hpp"
#include "yam/service/http_server/http_server.hpp"
#include "yam/service/http_site/http_site.hpp"
#include "yam/service/http_tus/tus_answers.hpp"
#include "yam/service/http_tus/tus_receiving.hpp"
#include "yam/service/http_write/http_condition.hpp"
#include "yam/service/http_write/http_quota.hpp"
#include "yam/store/folder_name.hpp"

namespace yam::service {

namespace {

using proto::tus::Creation;
using proto::tus::Role;
using proto::tus::SentField;

constexpr std::size_t new_folders_max = 32;  // before a file's name
constexpr std::size_t join_step_bytes = 16 * 1024 * 1024;

// The folders in `name` from `begin` on, where they are missing.
Result<> make_folders(const store::Folder& served, std::string_view name, std::size_t begin) {
  std::size_t count = 0;
  for (std::size_t slash = name.find('/', begin); slash != name.npos; slash = name.find('/', slash + 1)) {
    if (++count > new_folders_max) return fail(Code::usage, "the file lies too deep");
    if (const auto made = served.make_folder(name.substr(0, slash)); !made) return fail(made.error());
  }
  return {};
}

// What is written down of the upload. Code::usage when it has no good name.
Result<store::UploadRecord> record_of(const HttpServer& server, const std::string& folder,
                                      const Creation& creation) {
  store::UploadRecord record{.length = creation.length, .expires = tus_expiry()};
  record.if_exists = if_exists_of(server.settings().write);
  record.metadata = creation.metadata_text;
  record.concatenation = write_concatenation(creation.concatenation);
  if (creation.concatenation.role == Role::partial) return record;
  const auto name = find(creation.metadata, "filename");
  if (!name) return fail(Code::usage, "the upload has no filename");
  if (const auto good = store::check_name(*name); !good) return fail(good.error());
  if (const auto there = server.folder().read_folder(folder); !there) return fail(there.error());
  const std::string before = folder.empty() ? "" : folder + "/";
  record.name = before + std::string(*name);
  if (auto made = make_folders(server.folder(), record.name, before.size()); !made) return fail(made.error());
  return record;
}

void answer_created(HttpExchange& exchange, const store::UploadId& id, const store::UploadState& state) {
  auto fields = progress_fields(tus_upload(state));
  fields.push_back({"Location", std::string(tus_prefix) + id.digits});
  if (!state.record.finished_name.empty())
    fields.push_back({"Content-Location", write_http_path(state.record.finished_name, false)});
  answer_tus(exchange, 201, fields);
}

// What came, and the name once all is there.
net::Task<Result<>> fill_and_answer(HttpServer& server, HttpExchange& exchange, store::UploadId id,
                                    Creation creation) {
  const store::UploadStore uploads(server.folder());
  auto opened = uploads.open(id);
  if (!opened || !*opened) {
    answer_tus_fault(exchange, opened ? Error{Code::local, "", ""} : opened.error());
    co_return Result<>();
  }
  TusReceiving receiving{.id = id, .upload = std::move(**opened)};
  receiving.content_max = creation.content_max;
  receiving.checksum = std::move(creation.checksum);
  receiving.has_content = creation.has_content;
  auto taking = take_tus_content(server, exchange, std::move(receiving));
  const auto state = co_await std::move(taking);
  if (!state) co_return fail(state.error());
  if (*state) answer_created(exchange, id, **state);
  co_return Result<>();
}

// ---- an upload that is made of others

struct JoinedParts {
  store::Folder folder;
  std::vector<store::UploadId> parts;
  store::UploadId id;
  store::OpenUpload upload;
};

bool has_one_twice(const std::vector<store::UploadId>& ids) {
  std::vector<std::string_view> digits;
  for (const store::UploadId& id : ids)
    digits.push_back(id.digits);
  std::ranges::sort(digits);
  return std::ranges::adjacent_find(digits) != digits.end();
}

Result<> append_part(const store::OpenUpload& part, int to) {
  off_t from = 0;
  for (auto left = static_cast<off_t>(part.offset); left > 0;) {
    const auto step = static_cast<std::size_t>(std::min<off_t>(left, join_step_bytes));
    const ssize_t count = ::copy_file_range(part.file.fd(), &from, to, nullptr, step, 0);
    if (count < 0) return fail_os("cannot join uploads", errno);
    if (count == 0) return fail(Code::local, "cannot join uploads: one became shorter");
    left -= count;
  }
  return {};
}

// Each part has its copy in the whole before it goes.
Result<store::OpenUpload> join_parts(JoinedParts& joined) {
  const store::UploadStore uploads(joined.folder);
  for (const auto& id : joined.parts) {
    const auto part = uploads.open(id);
    if (!part) return fail(part.error());
    if (!*part) return fail(Code::local, "cannot join uploads: one is in use");
    if (auto appended = append_part(**part, joined.upload.file.fd()); !appended)
      return fail(appended.error());
    joined.upload.offset += (*part)->offset;
  }
  return std::move(joined.upload);
}

net::Task<Result<>> answer_final(HttpServer& server, HttpExchange& exchange, store::UploadRecord record,
                                 Creation creation) {
  const store::UploadStore uploads(server.folder());
  std::vector<store::UploadId> ids;
  std::vector<proto::tus::Upload> states;
  std::vector<const proto::tus::Upload*> parts;
  states.reserve(creation.concatenation.parts.size());
  for (const std::string_view path : creation.concatenation.parts) {
    auto id =
        path.starts_with(tus_prefix) ? store::UploadId::parse(path.substr(tus_prefix.size())) : std::nullopt;
    const auto state = id ? uploads.look(*id) : fail(Code::not_found, "");
    if (state) states.push_back(tus_upload(*state));
    parts.push_back(state ? &states.back() : nullptr);
    ids.push_back(id.value_or(store::UploadId{}));
  }
  const auto length = decide_final(parts, tus_limits(server));
  if (!length) {
    answer_tus_refusal(server, exchange, length.error());
    co_return Result<>();
  }
  if (has_one_twice(ids)) {  // parts are moved into the whole, and make room for it
    answer_tus_refusal(server, exchange, {400, "a part that is named twice"});
    co_return Result<>();
  }
  if (*length > server.folder().free_bytes()) {  // for a moment there are both
    answer_tus_fault(exchange, {Code::local, "", ""});
    co_return Result<>();
  }
  record.length = *length;
  const auto id = uploads.create(record);
  auto opened = id ? uploads.open(*id) : fail(id.error());
  auto folder = server.folder().duplicate();
  if (!opened || !*opened || !folder) {
    answer_tus_fault(exchange, !opened ? opened.error() : Error{Code::local, "", ""});
    co_return Result<>();
  }
  // Owned by the thread.
  auto owned = std::make_unique<JoinedParts>(std::move(*folder), ids, *id, std::move(**opened));
  std::move_only_function<Result<store::OpenUpload>()> work = [joined = std::move(owned)] {
    return join_parts(*joined);
  };
  auto joining = net::do_elsewhere<store::OpenUpload>(server.hosting().loop, std::move(work));
  auto whole = co_await std::move(joining);
  if (!whole) {
    static_cast<void>(uploads.remove(*id));
    answer_tus_fault(exchange, whole.error());
    co_return Result<>();
  }
  auto finishing = finish_tus(server, *id, std::move(*whole));
  const auto receipt = co_await std::move(finishing);
  if (!receipt) {
    static_cast<void>(uploads.remove(*id));
    answer_tus_fault(exchange, receipt.error());
    co_return Result<>();
  }
  for (const auto& part : ids)
    static_cast<void>(uploads.remove(part));
  record.finished_name = receipt->name;
  answer_created(exchange, *id, {record, *length});
  co_return Result<>();
}

}  // namespace

bool is_tus(const HttpExchange& exchange) {
  return exchange.request().fields.count(proto::tus::field::resumable) > 0;
}

net::Task<Result<>> answer_tus_creation(HttpServer& server, HttpExchange& exchange, std::string folder) {
  const auto& request = exchange.request();
  const auto spoken = proto::tus::check_version(request.fields);
  const auto limits = tus_limits(server);
  auto creation = decide_creation(request.fields, content_length(exchange), limits);
  if (!spoken || !creation) {
    answer_tus_refusal(server, exchange, !spoken ? spoken.error() : creation.error());
    co_return Result<>();
  }
  if (creation->length.value_or(0) > server.folder().free_bytes()) {
    answer_tus_fault(exchange, {Code::local, "", ""});
    co_return Result<>();
  }
  auto setting_aside = set_aside_room(server, {creation->length.value_or(0), 1});
  auto room = co_await std::move(setting_aside);  // before anything is made for it
  if (!room) {
    answer_tus_fault(exchange, room.error());
    co_return Result<>();
  }
  const store::UploadStore uploads(server.folder());
  if (server.is_sweep_due()) static_cast<void>(uploads.remove_expired(server.date()));
  auto record = record_of(server, folder, *creation);
  if (!record) {
    answer_tus_fault(exchange, record.error());
    co_return Result<>();
  }
  if (!record->name.empty() && !meets_conditions(server, exchange, record->name)) {
    answer_in_words(exchange, 412, "there is something of that name, and it stays");
    co_return Result<>();
  }
  // One that comes meanwhile stays, if that was the condition.
  if (wants_free_name(exchange)) record->if_exists = store::IfExists::refuse;
  if (creation->concatenation.role == Role::final) {
    auto answering = answer_final(server, exchange, std::move(*record), std::move(*creation));
    co_return co_await std::move(answering);
  }
  const auto ticket = server.hosting().admission.admit_file();
  if (!ticket) {
    answer_tus_fault(exchange, {Code::timeout, "", ""});
    co_return Result<>();
  }
  auto id = uploads.create(*record);
  if (!id) {
    answer_tus_fault(exchange, id.error());
    co_return Result<>();
  }
  if (*room) (*room)->keep(0);  // the file counts from now on, and its bytes as they come
  auto answering = fill_and_answer(server, exchange, std::move(*id), std::move(*creation));
  co_return co_await std::move(answering);
}

}  // namespace yam::service
