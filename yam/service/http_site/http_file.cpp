#include "yam/service/http_site/http_file.hpp"

#include <array>
#include <cerrno>
#include <charconv>
#include <random>
#include <unistd.h>

#include <fmt/format.h>

#include "yam/proto/http/field/condition.hpp"
#include "yam/proto/http/multipart_ranges.hpp"
#include "yam/service/http_server/http_server.hpp"
#include "yam/service/http_site/http_coding.hpp"

namespace yam::service {

namespace {

using proto::http::Answer;
using proto::http::ByteRange;
using proto::http::Field;
using proto::http::MultipartRanges;
using proto::http::RangeAnswer;
using proto::http::Verdict;

// So much is copied behind the head, so that one call sends both.
constexpr std::uint64_t copied_bytes_max = 32 * 1024;
// So much is encoded before others have their turn.
constexpr std::uint64_t encoded_step_bytes = 64 * 1024;

// Where others may put files, one of them must not act as whoever opens it: its scripts have no origin, and
// so neither his cookie nor his right to write.
constexpr std::string_view strangers_policy = "sandbox allow-scripts";

bool may_be_strangers_script(const HttpExchange& exchange, std::string_view media_type) {
  return exchange.visit().service().http.write != WritePolicy::off &&
         (media_type.starts_with("text/html") || media_type.ends_with("xml"));
}

// The fields that tell of a file, and the texts that they borrow.
class FileFields {
 public:
  FileFields(const HttpExchange& exchange, const store::FileStatus& file, std::string_view media_type,
             std::string_view coding)
      : tag_(entity_tag_of(file, coding)),
        modified_(std::chrono::floor<std::chrono::seconds>(file.mtime)),
        modified_text_(proto::http::write_date(modified_)),
        fields_{Field{"Content-Type", media_type}, Field{"ETag", tag_},
                Field{"Last-Modified", modified_text_}, Field{"Accept-Ranges", "bytes"},
                Field{"X-Content-Type-Options", "nosniff"}} {
    if (has_codings(media_type, file.size)) with("Vary", "Accept-Encoding");
    if (may_be_strangers_script(exchange, media_type)) with("Content-Security-Policy", strangers_policy);
  }
  FileFields(const FileFields&) = delete;
  FileFields& operator=(const FileFields&) = delete;

  proto::http::Validators validators() const {
    proto::http::Validators now;
    now.tag = proto::http::parse_entity_tag(tag_);
    now.modified = modified_;
    return now;
  }
  void set_type(std::string_view type) { fields_[0].value = type; }
  std::span<const Field> all() const { return std::span(fields_).first(count_); }
  std::span<const Field> with(std::string_view name, std::string_view value) {
    fields_[count_++] = {name, value};
    return all();
  }

 private:
  static constexpr std::size_t always = 5;

  std::string tag_;
  proto::http::Date modified_;
  std::string modified_text_;
  std::array<Field, always + 4> fields_;
  std::size_t count_ = always;
};

Result<> read_content_at(int file, std::uint64_t offset, std::span<char> space) {
  for (std::size_t done = 0; done < space.size();) {
    const ssize_t count =
        ::pread(file, space.data() + done, space.size() - done, static_cast<off_t>(offset + done));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail_os("cannot read the file", errno);
    if (count == 0) return fail(Code::local, "the file became shorter while it was sent");
    done += static_cast<std::size_t>(count);
  }
  return {};
}

void note_gone(const HttpFileContent& file, const ByteRange& range) {
  if (file.gone != nullptr) file.gone->push_back(range);
}

Result<> copy_content(HttpExchange& exchange, const HttpFileContent& file, const ByteRange& range) {
  if (file.kept) {
    exchange.put(std::string_view(*file.kept).substr(range.first, range.bytes));
  } else {
    const std::span<char> space = exchange.put_space(static_cast<std::size_t>(range.bytes));
    if (auto read = read_content_at(file.fd.get(), range.first, space); !read) return read;
  }
  note_gone(file, range);
  return {};
}

net::Task<Result<>> send_range(HttpExchange& exchange, const HttpFileContent* file, ByteRange range) {
  if (range.bytes <= copied_bytes_max) co_return copy_content(exchange, *file, range);
  const std::uint64_t before = exchange.sent_bytes();
  auto sending = exchange.put_file(file->fd.get(), range.first, range.bytes);
  auto outcome = co_await std::move(sending);
  range.bytes = exchange.sent_bytes() - before;
  note_gone(*file, range);
  co_return outcome;
}

net::Task<Result<>> send_whole(HttpExchange& exchange, const HttpFileContent* file, Answer answer,
                               ByteRange range) {
  answer.content_bytes = range.bytes;
  exchange.begin(answer);
  if (exchange.sends_content() && range.bytes <= copied_bytes_max) {
    if (const auto copied = copy_content(exchange, *file, range); !copied) co_return fail(copied.error());
  } else if (exchange.sends_content()) {
    auto sending = send_range(exchange, file, range);
    if (const auto sent = co_await std::move(sending); !sent) co_return fail(sent.error());
  }
  exchange.finish();
  co_return Result<>();
}

net::Task<Result<>> send_encoded(HttpExchange& exchange, const HttpFileContent* file, Answer answer) {
  exchange.begin(answer);
  if (exchange.sends_content() && file->kept) exchange.put(*file->kept);
  if (exchange.sends_content() && !file->kept) {
    std::string piece;
    for (std::uint64_t at = 0; at < file->status.size; at += piece.size()) {
      piece.resize(static_cast<std::size_t>(std::min(encoded_step_bytes, file->status.size - at)));
      if (const auto read = read_content_at(file->fd.get(), at, piece); !read) co_return fail(read.error());
      exchange.put(piece);
      if (exchange.is_flush_due()) {
        auto flushing = exchange.flush();
        if (const auto flushed = co_await std::move(flushing); !flushed) co_return fail(flushed.error());
      }
      co_await exchange.visit().loop().yield();
    }
  }
  if (exchange.sends_content()) note_gone(*file, ByteRange{0, file->status.size});
  exchange.finish();
  co_return Result<>();
}

// Whether the file itself is not wanted: then that has been said.
bool is_answered_by(Verdict verdict, HttpExchange& exchange, const FileFields& fields) {
  if (verdict != Verdict::not_modified && verdict != Verdict::failed) return false;
  Answer answer;
  answer.fields = fields.all();
  answer.status = verdict == Verdict::failed ? 412 : 304;
  answer.content_bytes = verdict == Verdict::failed ? std::optional<std::uint64_t>(0) : std::nullopt;
  exchange.begin(answer);
  exchange.finish();
  return true;
}

std::string random_boundary() {
  std::random_device random;
  return fmt::format("{:08x}{:08x}", random(), random());
}

net::Task<Result<>> send_several(HttpExchange& exchange, const HttpFileContent* file, FileFields& fields,
                                 std::string_view media_type, std::vector<ByteRange> ranges) {
  const MultipartRanges parts(random_boundary(), media_type, std::move(ranges), file->status.size);
  const std::string type = parts.content_type();
  fields.set_type(type);
  Answer answer;
  answer.status = 206;
  answer.fields = fields.all();
  answer.content_bytes = parts.body_bytes();
  exchange.begin(answer);
  if (exchange.sends_content()) {
    for (std::size_t i = 0; i < parts.ranges().size(); ++i) {
      exchange.put(parts.before(i));
      auto sending = send_range(exchange, file, parts.ranges()[i]);
      if (const auto sent = co_await std::move(sending); !sent) co_return fail(sent.error());
      if (!exchange.is_flush_due()) continue;
      auto flushing = exchange.flush();
      if (const auto flushed = co_await std::move(flushing); !flushed) co_return fail(flushed.error());
    }
    exchange.put(parts.end());
  }
  exchange.finish();
  co_return Result<>();
}

}  // namespace

std::string entity_tag_of(const store::FileStatus& file, std::string_view coding) {
  constexpr std::size_t digits_max = 16, hexadecimal = 16;
  std::array<char, 3 * digits_max + 4> text;
  char* end = text.data();
  const auto put = [&](char before, auto number) {
    *end++ = before;
    end = std::to_chars(end, end + digits_max, number, hexadecimal).ptr;
  };
  put('"', file.inode);
  put('-', file.size);
  put('-', static_cast<std::uint64_t>(file.mtime.time_since_epoch().count()));
  std::string tag(text.data(), end);
  if (!coding.empty()) tag.append("+").append(coding);
  return tag += '"';
}

net::Task<Result<>> answer_with_file(HttpServer& server, HttpExchange& exchange, HttpFileContent file,
                                     std::string_view media_type, std::string digest) {
  const auto& request = exchange.request();
  const std::string_view coding = choose_coding(request.fields, media_type, file.status.size);
  if (!coding.empty()) {
    FileFields fields(exchange, file.status, media_type, coding);
    const Verdict verdict = judge(request.method, request.fields, fields.validators(), server.date());
    if (is_answered_by(verdict, exchange, fields)) co_return Result<>();
    auto encoder = ContentEncoder::open(coding, server.encoder_slots());
    if (encoder) {  // else there are too many at work, and it goes out as it is
      Answer answer;
      answer.fields = fields.with("Content-Encoding", coding);
      exchange.encode_with(std::move(encoder));
      auto sending = send_encoded(exchange, &file, answer);
      co_return co_await std::move(sending);
    }
  }
  FileFields fields(exchange, file.status, media_type, {});
  if (!digest.empty()) fields.with("Repr-Digest", digest);
  const Verdict verdict = judge(request.method, request.fields, fields.validators(), server.date());
  if (is_answered_by(verdict, exchange, fields)) co_return Result<>();
  Answer answer;
  answer.fields = fields.all();
  const ByteRange whole{0, file.status.size};
  proto::http::RangeSet asked;
  if (verdict == Verdict::proceed_range)
    asked = proto::http::parse_range(*request.fields.find("Range"), file.status.size);
  if (asked.answer == RangeAnswer::unsatisfiable) {
    const std::string range = proto::http::write_content_range(file.status.size);
    answer.status = 416;
    answer.fields = fields.with("Content-Range", range);
    exchange.answer(answer, "");
    co_return Result<>();
  }
  if (asked.answer == RangeAnswer::partial && asked.ranges.size() > 1) {
    auto sending = send_several(exchange, &file, fields, media_type, std::move(asked.ranges));
    co_return co_await std::move(sending);
  }
  std::string range;
  if (asked.answer == RangeAnswer::partial) {
    range = proto::http::write_content_range(asked.ranges.front(), file.status.size);
    answer.status = 206;
    answer.fields = fields.with("Content-Range", range);
  }
  const ByteRange sent = asked.answer == RangeAnswer::partial ? asked.ranges.front() : whole;
  auto sending = send_whole(exchange, &file, answer, sent);
  co_return co_await std::move(sending);
}

}  // namespace yam::service
