#include "yam/service/http_server/http_exchange.hpp"

#include <algorithm>
#include <array>
#include <cassert>

#include "yam/net/send_file.hpp"

namespace yam::service {

namespace {

using proto::http::Answer;
using proto::http::Field;
using proto::http::Refusal;
using proto::http::What;

constexpr std::size_t answer_fields_max = 24;
constexpr std::uint64_t skipped_bytes_max = 256 * 1024;  // of content that nobody wanted
constexpr std::size_t encoded_bytes_min = 8 * 1024;      // a chunk's, but for the last

}  // namespace

HttpExchange::HttpExchange(Visit& visit, HttpDesk& desk, HttpClock& clock)
    : visit_(visit), desk_(desk), clock_(clock), began_(visit.loop().now()) {
  if (request().framing.body != proto::http::Body::none) return;
  const auto step = desk.conversation.handle_bytes({});
  content_ended_ = step && step->what == What::end;
}

net::Task<Result<ByteView>> HttpExchange::read_content() {
  while (!content_ended_) {
    HttpInput& input = content_ ? *content_ : desk_.input;
    const auto step = desk_.conversation.handle_bytes(input.unread());
    if (!step) co_return refuse(step.error());
    input.drop(step->used);
    content_ended_ = step->what == What::end || step->what == What::closed;
    if (!step->content.empty()) {
      content_bytes_ += step->content.size();
      if (content_bytes_ > visit_.hosting().limits.max_bytes)
        co_return refuse(Refusal{413, "more content than is taken here"}, Code::refused);
      co_return step->content;
    }
    if (content_ended_ || step->used > 0) continue;
    auto reading = read_more();
    if (const auto read = co_await std::move(reading); !read) co_return fail(read.error());
  }
  co_return ByteView();
}

net::Task<Result<>> HttpExchange::read_more() {
  if (desk_.conversation.wants_continue()) {
    desk_.conversation.write_continue(desk_.output);
    auto flushing = flush();
    if (auto flushed = co_await std::move(flushing); !flushed) co_return flushed;
  }
  if (!content_) {
    content_ = std::make_unique<HttpInput>(HttpInput::content_buffer_bytes);
    content_->append(desk_.input.unread());
    desk_.input.drop(desk_.input.unread().size());
  }
  const ServeLimits& limits = visit_.hosting().limits;
  const Time deadline =
      std::min(visit_.hosting().idle_deadline(), after(began_, transfer_time(limits, content_bytes_)));
  const auto came = co_await visit_.stream().read(content_->space(), deadline);
  if (!came && came.error().code == Code::timeout)
    co_return refuse(Refusal{408, "the content came too slowly"}, Code::timeout);
  if (!came) co_return fail(came.error());
  if (*came == 0) co_return refuse(Refusal{400, "a request that is cut off"});
  content_->take(*came);
  co_return Result<>();
}

net::Task<bool> HttpExchange::skip_content() {
  const std::uint64_t before = content_bytes_;
  while (!content_ended_ && content_bytes_ - before < skipped_bytes_max) {
    auto reading = read_content();
    if (const auto piece = co_await std::move(reading); !piece) co_return false;
  }
  co_return content_ended_;
}

bool HttpExchange::end() {
  if (content_) desk_.input.append(content_->unread());
  return content_ended_ && desk_.conversation.keeps_open();
}

std::unexpected<Error> HttpExchange::refuse(const Refusal& refusal, Code code) {
  content_ended_ = true;
  if (!answered()) {
    const std::array<Field, 1> fields{Field{"Date", clock_.text()}};
    status_ = refusal.status;
    finished_ = true;
    const auto written = desk_.conversation.refuse_with(desk_.output, refusal, fields);
    assert(written && "the fields of a refusal are ours");
  }
  return fail(code, std::string(refusal.words));
}

void HttpExchange::begin(const Answer& answer) {
  std::array<Field, answer_fields_max> fields;
  assert(answer.fields.size() < fields.size());
  auto end = std::ranges::copy(answer.fields, fields.begin()).out;
  *end++ = Field{"Date", clock_.text()};
  Answer whole = answer;
  whole.fields = std::span(fields.begin(), end);
  whole.close = answer.close || visit_.is_leaving();
  status_ = answer.status;
  const auto written = desk_.conversation.write_answer(desk_.output, whole);
  assert(written && "an answer that HTTP does not know is our own bug");
}

void HttpExchange::answer(const Answer& answer, std::string_view content) {
  Answer whole = answer;
  whole.content_bytes = content.size();
  begin(whole);
  if (sends_content()) put(content);
  finish();
}

void HttpExchange::put(std::string_view content) {
  if (!encoder_) return put_framed(content);
  encoder_->encode(content, encoded_);
  if (encoded_.size() < encoded_bytes_min) return;
  put_framed(encoded_);
  encoded_.clear();
}

void HttpExchange::put_framed(std::string_view content) {
  const auto framed = desk_.conversation.frame_content(desk_.output, content.size());
  assert(framed && "more content than was announced");
  desk_.output.append(content);
  sent_bytes_ += content.size();
}

std::span<char> HttpExchange::put_space(std::size_t bytes) {
  const auto framed = desk_.conversation.frame_content(desk_.output, bytes);
  assert(framed && "more content than was announced");
  const std::size_t before = desk_.output.size();
  desk_.output.resize(before + bytes);
  sent_bytes_ += bytes;
  return std::span(desk_.output).subspan(before);
}

net::Task<Result<>> HttpExchange::flush() {
  const auto sent = co_await visit_.stream().write(bytes_of(desk_.output), visit_.hosting().idle_deadline());
  desk_.output.clear();
  if (!sent) co_return fail(sent.error());
  co_return Result<>();
}

net::Task<Result<>> HttpExchange::put_file(int file, std::uint64_t offset, std::uint64_t bytes) {
  const auto framed = desk_.conversation.frame_content(desk_.output, bytes);
  assert(framed && "more content than was announced");
  const ServeLimits& limits = visit_.hosting().limits;
  net::SendPace pace;
  pace.idle = limits.idle;
  pace.bytes_per_second_min = limits.min_rate.bytes_per_second;
  head_bytes_ = desk_.output.size();
  auto sending = net::send_file(visit_.loop(), visit_.stream(), bytes_of(desk_.output), file, offset, bytes,
                                pace, under_way_);
  auto outcome = co_await std::move(sending);
  desk_.output.clear();
  sent_bytes_ = sent_bytes();
  under_way_ = 0;
  co_return outcome;
}

void HttpExchange::finish() {
  if (encoder_ && sends_content()) {
    encoder_->finish(encoded_);
    put_framed(encoded_);
  }
  const auto finished = desk_.conversation.finish_answer(desk_.output);
  assert(finished && "less content than was announced");
  finished_ = true;
}

}  // namespace yam::service
