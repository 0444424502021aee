#include "yam/service/http_site/http_folder.hpp"

#include <optional>
#include <string_view>

#include "yam/service/http_server/http_query.hpp"
#include "yam/service/http_server/http_server.hpp"
#include "yam/service/http_site/http_archive.hpp"
#include "yam/service/http_site/http_coding.hpp"
#include "yam/service/http_site/http_file.hpp"
#include "yam/service/http_site/http_listing.hpp"
#include "yam/service/http_site/http_page.hpp"
#include "yam/service/http_site/http_site.hpp"

namespace yam::service {

namespace {

using proto::http::Answer;
using proto::http::Field;

// All that the folder holds: others have their turn between its batches.
net::Task<Result<std::vector<store::FolderEntry>>> read_all(net::Loop& loop, store::FolderReader& reader) {
  std::vector<store::FolderEntry> entries;
  for (;;) {
    const auto more = reader.read(entries);
    if (!more) co_return fail(more.error());
    if (!*more) break;
    co_await loop.yield();
  }
  co_return entries;
}

// About: to see whether a content coding is worth it.
std::uint64_t listed_bytes(const std::vector<store::FolderEntry>& entries) {
  constexpr std::uint64_t line_bytes = 100;
  return entries.size() * line_bytes;
}

std::optional<ListingForm> form_of(const HttpExchange& exchange) {
  const auto& request = exchange.request();
  return choose_listing(HttpQuery(request.target.query).value("format"), request.fields);
}

}  // namespace

net::Task<Result<>> answer_with_folder(HttpServer& server, HttpExchange& exchange, ShownFolder shown) {
  const auto format = HttpQuery(exchange.request().target.query).value("format");
  if (!format && shown.has_index) {
    const std::string index = shown.name.empty() ? "index.html" : shown.name + "/index.html";
    auto file = shown.folder->open_file(index);
    if (file) {
      auto answering = answer_with_file(server, exchange, std::move(*file), "text/html");
      co_return co_await std::move(answering);
    }
  }
  if (const auto archive = archive_format_of(format.value_or(""))) {
    auto archiving = answer_with_archive(server, exchange, std::move(shown), *archive);
    co_return co_await std::move(archiving);
  }
  auto reader = shown.folder->read_folder(shown.name);
  if (!reader) {
    answer_fault(exchange, reader.error());
    co_return Result<>();
  }
  auto reading = read_all(server.hosting().loop, *reader);
  auto entries = co_await std::move(reading);
  if (!entries) {
    answer_fault(exchange, entries.error());
    co_return Result<>();
  }
  ShownListing listing{.path = std::move(shown.path), .entries = std::move(*entries)};
  listing.was_cut = reader->cut();
  auto sending = answer_with_listing(server, exchange, std::move(listing));
  co_return co_await std::move(sending);
}

net::Task<Result<>> answer_with_listing(HttpServer& server, HttpExchange& exchange, ShownListing shown) {
  const auto form = form_of(exchange);
  if (!form) {
    answer_in_words(exchange, 400, "a format that is not known here");
    co_return Result<>();
  }
  sort_listing(shown.entries);
  const std::string_view type = media_type_of(*form);
  std::vector fields{Field{"Content-Type", type}, Field{"Cache-Control", "no-cache"},
                     Field{"Vary", "Accept, Accept-Encoding, User-Agent"},
                     Field{"X-Content-Type-Options", "nosniff"}};
  if (*form == ListingForm::page) fields.push_back({"Content-Security-Policy", page_policy});
  const auto coding = choose_coding(exchange.request().fields, type, listed_bytes(shown.entries));
  if (auto encoder = ContentEncoder::open(coding, server.encoder_slots())) {
    fields.push_back({"Content-Encoding", coding});
    exchange.encode_with(std::move(encoder));
  }
  Answer answer;
  answer.fields = fields;
  exchange.begin(answer);
  if (exchange.sends_content()) {
    std::string text = listing_begin(*form, shown.path, shown.has_archives);
    bool is_first = true;
    for (const store::FolderEntry& entry : shown.entries) {
      if (entry.kind == store::EntryKind::other) continue;
      append_entry(text, *form, entry, is_first);
      is_first = false;
      if (text.size() < HttpExchange::gathered_bytes_max / 2) continue;
      exchange.put(text);
      text.clear();
      if (exchange.is_flush_due()) {
        auto flushing = exchange.flush();
        if (const auto flushed = co_await std::move(flushing); !flushed) co_return fail(flushed.error());
      }
      co_await server.hosting().loop.yield();
    }
    text += listing_end(*form, shown.was_cut);
    if (!text.empty()) exchange.put(text);
  }
  exchange.finish();
  co_return Result<>();
}

}  // namespace yam::service
