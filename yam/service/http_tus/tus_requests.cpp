#include "yam/service/http_tus/tus_requests.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "yam/base/text.hpp"
#include "yam/service/http_server/http_path.hpp"
#include "yam/service/http_server/http_server.hpp"
#include "yam/service/http_site/http_site.hpp"
#include "yam/service/http_tus/tus_answers.hpp"
#include "yam/service/http_tus/tus_receiving.hpp"

namespace yam::service {

namespace {

using proto::tus::Refusal;
using proto::tus::SentField;
using proto::tus::Standing;

constexpr Refusal in_use{423, "another connection has this upload"};

void add_place(std::vector<SentField>& fields, const std::string& finished_name) {
  if (!finished_name.empty()) fields.push_back({"Content-Location", write_http_path(finished_name, false)});
}

void answer_tus_head(HttpExchange& exchange, const store::UploadState& state) {
  auto fields = state_fields(tus_upload(state));
  add_place(fields, state.record.finished_name);
  answer_tus(exchange, 200, fields);
}

void answer_tus_receipt(HttpExchange& exchange, const store::UploadState& state) {
  if (state.record.finished_name.empty()) return answer_in_words(exchange, 409, "the upload is not complete");
  const std::string text = receipt_text({state.record.finished_name, state.offset, state.record.sha256});
  answer_tus(exchange, 200, {{"Content-Type", "application/json"}, {"Cache-Control", "no-store"}},
             text + "\n");
}

void answer_tus_removal(HttpServer& server, HttpExchange& exchange, const store::UploadId& id) {
  const store::UploadStore uploads(server.folder());
  const auto opened = uploads.open(id);
  const auto state = uploads.look(id);
  // Nobody's file goes while he writes to it.
  if (opened && !*opened && state && state->record.finished_name.empty())
    return answer_tus_refusal(server, exchange, in_use);
  if (const auto removed = uploads.remove(id); !removed) return answer_tus_fault(exchange, removed.error());
  answer_tus(exchange, 204, {{proto::tus::field::resumable, std::string(proto::tus::version)}});
}

void answer_appended(HttpExchange& exchange, const store::UploadState& state) {
  auto fields = progress_fields(tus_upload(state));
  add_place(fields, state.record.finished_name);
  answer_tus(exchange, 204, fields);
}

// An upload of which all bytes came, and whose server was killed before it had its name: it gets it now, or a
// client that asks how far it is would take it for finished. False when it was answered.
net::Task<bool> finish_what_is_whole(HttpServer& server, HttpExchange& exchange, store::UploadId id,
                                     store::UploadState& state) {
  const bool is_whole = state.record.length == state.offset && !state.record.name.empty();
  if (!is_whole || !state.record.finished_name.empty()) co_return true;
  auto opened = store::UploadStore(server.folder()).open(id);
  if (!opened || !*opened) {
    if (opened) answer_tus_refusal(server, exchange, in_use);
    if (!opened) answer_tus_fault(exchange, opened.error());
    co_return false;
  }
  auto finishing = finish_tus(server, std::move(id), std::move(**opened));
  const auto receipt = co_await std::move(finishing);
  if (!receipt) {
    answer_tus_fault(exchange, receipt.error());
    co_return false;
  }
  state.record.finished_name = receipt->name;
  co_return true;
}

net::Task<Result<>> answer_patch(HttpServer& server, HttpExchange& exchange, store::UploadId id,
                                 store::UploadState state) {
  const store::UploadStore uploads(server.folder());
  auto append = decide_append(exchange.request().fields, content_length(exchange), Standing::present,
                              tus_upload(state), tus_limits(server));
  if (!append) {
    answer_tus_refusal(server, exchange, append.error());
    co_return Result<>();
  }
  if (!state.record.finished_name.empty()) {
    answer_appended(exchange, state);  // nothing more fits, and nothing more came
    co_return Result<>();
  }
  const auto ticket = server.hosting().admission.admit_file();
  auto opened = uploads.open(id);
  if (!ticket || !opened) {
    answer_tus_fault(exchange, opened ? Error{Code::timeout, "", ""} : opened.error());
    co_return Result<>();
  }
  if (!*opened || (*opened)->offset != state.offset) {
    answer_tus_refusal(server, exchange, in_use);
    co_return Result<>();
  }
  TusReceiving receiving{.id = id, .upload = std::move(**opened)};
  receiving.content_max = append->content_max;
  receiving.checksum = std::move(append->checksum);
  store::UploadRecord& record = receiving.upload.record;
  const bool is_old = record.expires < tus_expiry() - tus_lifetime / 2;
  if (append->length || is_old) {
    if (append->length) record.length = append->length;
    record.expires = tus_expiry();
    if (const auto noted = uploads.note(id, record); !noted) {
      answer_tus_fault(exchange, noted.error());
      co_return Result<>();
    }
  }
  auto taking = take_tus_content(server, exchange, std::move(receiving));
  const auto taken = co_await std::move(taking);
  if (!taken) co_return fail(taken.error());
  if (*taken) answer_appended(exchange, **taken);
  co_return Result<>();
}

// Who goes on with an upload is most likely who had it before, over a connection that has died unnoticed.
net::Task<> take_over(HttpServer& server, std::string id) {
  constexpr Duration step = std::chrono::milliseconds(5), patience = std::chrono::seconds(1);
  net::Loop& loop = server.hosting().loop;
  const Time deadline = after(loop.now(), patience);
  while (server.hosting().tus.ask_to_let_go(id, loop.now()) && loop.now() < deadline)
    co_await loop.sleep_for(step);
}

}  // namespace

net::Task<Result<>> answer_tus_request(HttpServer& server, HttpExchange& exchange) {
  const auto& request = exchange.request();
  const std::string_view method = proto::tus::method_of(request.method, request.fields);
  const auto spoken = proto::tus::check_version(request.fields);
  if (!spoken && method != "GET") {
    answer_tus_refusal(server, exchange, spoken.error());
    co_return Result<>();
  }
  const std::string_view path = request.target.path;
  auto id = store::UploadId::parse(path.substr(std::min(path.size(), tus_prefix.size())));
  const store::UploadStore uploads(server.folder());
  const bool is_known = method == "HEAD" || method == "GET" || method == "PATCH" || method == "DELETE";
  if (!is_known) {
    answer_in_words(exchange, 405, "this method means nothing to an upload");
    co_return Result<>();
  }
  if (id && method != "GET") {
    auto taking_over = take_over(server, id->digits);
    co_await std::move(taking_over);
  }
  auto state = id ? uploads.look(*id) : fail(Code::not_found, "there is no such upload");
  if (!state) {
    answer_tus_fault(exchange, state.error());
    co_return Result<>();
  }
  if (state->record.expires < server.date()) {
    answer_tus_refusal(server, exchange, proto::tus::decide_presence(Standing::gone).error());
    co_return Result<>();
  }
  if (method == "HEAD") {
    auto finishing = finish_what_is_whole(server, exchange, *id, *state);
    const bool goes_on = co_await std::move(finishing);
    if (goes_on) answer_tus_head(exchange, *state);
  }
  if (method == "GET") answer_tus_receipt(exchange, *state);
  if (method == "DELETE") answer_tus_removal(server, exchange, *id);
  if (method != "PATCH") co_return Result<>();
  auto patching = answer_patch(server, exchange, std::move(*id), std::move(*state));
  co_return co_await std::move(patching);
}

}  // namespace yam::service
