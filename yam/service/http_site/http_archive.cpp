#include "yam/service/http_site/http_archive.hpp"

#include <array>
#include <utility>

#include "yam/proto/http/field/disposition.hpp"
#include "yam/service/archive/archive_stream.hpp"
#include "yam/service/http_server/http_query.hpp"
#include "yam/service/http_server/http_server.hpp"
#include "yam/service/http_site/http_site.hpp"
#include "yam/store/folder_name.hpp"

namespace yam::service {

namespace {

using proto::http::Answer;
using proto::http::Field;

constexpr std::string_view name_of_the_root = "files";

std::string called(const ShownFolder& shown) {
  return std::string(shown.path.empty() ? name_of_the_root : store::split(shown.path).base);
}

ArchiveOrder order_of(const HttpExchange& exchange, const ShownFolder& shown, ArchiveFormat format) {
  ArchiveOrder order{.format = format, .folder = shown.name};
  order.names = HttpQuery(exchange.request().target.query).values("name");
  // Whoever unpacks it where he stands gets one folder and not a hundred files.
  order.prefix = called(shown) + '/';
  return order;
}

void begin_archive(HttpExchange& exchange, const ShownFolder& shown, ArchiveFormat format) {
  const std::string filename = called(shown) + std::string(suffix_of(format));
  const std::string disposition = proto::http::write_disposition("attachment", filename);
  const std::array fields{Field{"Content-Type", media_type_of(format)},
                          Field{"Content-Disposition", disposition}, Field{"Cache-Control", "no-cache"},
                          Field{"X-Content-Type-Options", "nosniff"}};
  Answer answer;
  answer.fields = fields;
  exchange.begin(answer);
}

// What is missing in the archive is told to the operator: there is no room for it in the answer.
void tell_faults(HttpServer& server, HttpExchange& exchange, const ArchiveReport& report) {
  for (const auto& words : report.faults) {
    ServerEvent event = exchange.visit().event(ServerEvent::Kind::fault);
    event.error.what = words;
    server.hosting().observer.handle_event(event);
  }
}

}  // namespace

std::optional<ArchiveFormat> archive_format_of(std::string_view format) {
  for (const auto each : {ArchiveFormat::tar, ArchiveFormat::tar_zst, ArchiveFormat::zip})
    if (suffix_of(each).substr(1) == format) return each;
  return std::nullopt;
}

net::Task<Result<>> answer_with_archive(HttpServer& server, HttpExchange& exchange, ShownFolder shown,
                                        ArchiveFormat format) {
  if (exchange.is_head()) {
    if (const auto folder = shown.folder->read_folder(shown.name); folder) {
      begin_archive(exchange, shown, format);
      exchange.finish();
    } else {
      answer_fault(exchange, folder.error());
    }
    co_return Result<>();
  }
  auto opened = ArchiveStream::open(server.hosting().loop, *shown.folder, order_of(exchange, shown, format),
                                    server.archive_slots());
  if (!opened) {
    answer_fault(exchange, opened.error());
    co_return Result<>();
  }
  ArchiveStream& stream = **opened;
  for (;;) {
    auto reading = stream.next();
    const auto block = co_await std::move(reading);
    if (!block) {
      if (exchange.answered()) co_return fail(block.error());
      answer_fault(exchange, block.error());
      co_return Result<>();
    }
    if (block->empty()) break;
    if (!exchange.answered()) begin_archive(exchange, shown, format);
    exchange.put(text_of(*block));
    auto flushing = exchange.flush();
    if (const auto flushed = co_await std::move(flushing); !flushed) co_return fail(flushed.error());
  }
  exchange.finish();
  tell_faults(server, exchange, stream.report());
  co_return Result<>();
}

}  // namespace yam::service
