#include "yam/service/http_write/http_form.hpp"

#include <array>
#include <optional>
#include <vector>

#include "yam/base/path.hpp"
#include "yam/proto/http/field/media_type.hpp"
#include "yam/proto/http/form_data.hpp"
#include "yam/service/http_server/http_path.hpp"
#include "yam/service/http_server/http_server.hpp"
#include "yam/service/http_site/http_site.hpp"
#include "yam/service/http_write/http_upload.hpp"

namespace yam::service {

namespace {

using proto::http::Answer;
using proto::http::Field;
using proto::http::FormStep;

// The files of one form, as its pieces come.
class FormFiles {
 public:
  FormFiles(HttpServer& server, std::string folder, const std::string& boundary)
      : server_(server), folder_(std::move(folder)), reader_(boundary) {}

  net::Task<Result<>> take(ByteView piece) {
    input_.append(piece);
    for (;;) {
      const auto step = reader_.handle_bytes(input_.unread());
      if (!step) co_return fail(Code::protocol, std::string(step.error().words));
      if (step->what == FormStep::What::more) co_return Result<>();
      if (step->what == FormStep::What::part) {
        auto beginning = begin_file();
        if (auto begun = co_await std::move(beginning); !begun) co_return begun;
      }
      if (step->what == FormStep::What::content && upload_) {
        if (auto added = upload_->add(step->content); !added) co_return added;
      }
      input_.drop(step->used);
      if (step->what == FormStep::What::part_end && upload_) {
        auto committing = upload_->commit();
        auto receipt = co_await std::move(committing);
        upload_.reset();
        if (!receipt) co_return fail(receipt.error());
        receipts_.push_back(std::move(*receipt));
      }
      if (step->what == FormStep::What::end && step->used == 0) co_return Result<>();
    }
  }
  bool is_whole() const { return reader_.handle_end().has_value(); }
  const std::vector<HttpReceipt>& receipts() const { return receipts_; }

 private:
  // A browser sends an empty name for a field that nobody filled in; other fields are of no use here.
  net::Task<Result<>> begin_file() {
    const auto& filename = reader_.part().filename;
    if (!filename || filename->empty()) co_return Result<>();
    std::string name(last_part(*filename));
    if (!folder_.empty()) name = folder_ + "/" + name;
    constexpr std::uint64_t unknown_bytes = 0;
    store::NewFileOptions options;
    options.if_exists = if_exists_of(server_.settings().write);
    auto beginning = HttpUpload::begin(server_, std::move(name), options, unknown_bytes);
    auto upload = co_await std::move(beginning);
    if (!upload) co_return fail(upload.error());
    upload_.emplace(std::move(*upload));
    co_return Result<>();
  }

  HttpServer& server_;
  std::string folder_;
  proto::http::FormReader reader_;
  HttpInput input_;
  std::optional<HttpUpload> upload_;
  std::vector<HttpReceipt> receipts_;
};

net::Task<Result<>> receive_form(HttpExchange& exchange, FormFiles& files) {
  for (;;) {
    auto reading = exchange.read_content();
    const auto piece = co_await std::move(reading);
    if (!piece) co_return fail(piece.error());
    if (piece->empty()) break;
    auto taking = files.take(*piece);
    if (auto taken = co_await std::move(taking); !taken) co_return taken;
  }
  if (files.is_whole()) co_return Result<>();
  co_return fail(Code::protocol, "a form that is cut off");
}

void answer_form_receipts(HttpExchange& exchange, const std::string& folder, const FormFiles& files) {
  const std::string location = write_http_path(folder, true);
  const bool is_browser = exchange.request().fields.lists("Accept", "text/html");
  const std::array fields{Field{"Content-Type", "application/json"}, Field{"Location", location}};
  Answer answer;
  answer.status = is_browser ? 303 : 201;
  answer.fields = fields;
  std::string text;
  for (const HttpReceipt& receipt : files.receipts())
    text += (text.empty() ? "" : ",") + receipt_text(receipt);
  exchange.answer(answer, "{\"files\":[" + text + "]}\n");
}

}  // namespace

net::Task<Result<>> answer_form_upload(HttpServer& server, HttpExchange& exchange, std::string name) {
  const auto& request = exchange.request();
  const auto type = proto::http::parse_media_type(request.fields.only("Content-Type").value_or(""));
  const auto boundary = type ? proto::http::form_boundary(*type) : std::nullopt;
  if (!boundary) {
    answer_in_words(exchange, 415, "files come as multipart/form-data");
    co_return Result<>();
  }
  if (!name.empty() && !server.folder().open_folder(name)) {
    answer_in_words(exchange, 404, "there is no such folder");
    co_return Result<>();
  }
  FormFiles files(server, name, *boundary);
  auto receiving = receive_form(exchange, files);
  if (auto received = co_await std::move(receiving); !received) {
    if (!exchange.answered() && received.error().code == Code::protocol) {
      answer_in_words(exchange, 400, received.error().what);
    } else {
      answer_unwritten(exchange, received.error());
    }
    co_return received;
  }
  answer_form_receipts(exchange, name, files);
  co_return Result<>();
}

}  // namespace yam::service
