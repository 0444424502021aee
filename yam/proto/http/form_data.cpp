#include "yam/proto/http/form_data.hpp"

#include <algorithm>
#include <utility>

#include "yam/proto/http/field/disposition.hpp"
#include "yam/proto/http/syntax.hpp"

namespace yam::proto::http {
namespace {

constexpr std::size_t line_end_bytes = 2;  // CRLF

bool is_boundary_letter(char c) {
  return is_letter(c) || is_digit(c) || std::string_view("'()+_,-./:=? ").find(c) != std::string_view::npos;
}

// Whether `text` may become `whole` with more bytes behind it.
bool begins(std::string_view whole, std::string_view text) {
  return text.size() < whole.size() && whole.starts_with(text);
}

// Content before what is, or may yet become, a delimiter.
std::size_t content_size(std::string_view text, std::string_view delimiter) {
  const std::size_t found = text.find(delimiter);
  if (found != std::string_view::npos) return found;
  std::size_t at = text.size() - std::min(text.size(), delimiter.size() - 1);
  while (at < text.size() && !begins(delimiter, text.substr(at)))
    ++at;
  return at;
}

}  // namespace

std::optional<std::string> form_boundary(const MediaType& type) {
  if (!type.is("multipart/form-data")) return std::nullopt;
  auto boundary = type.parameter("boundary");
  if (!boundary || boundary->empty() || boundary->size() > boundary_bytes_max || boundary->back() == ' ' ||
      !std::ranges::all_of(*boundary, is_boundary_letter))
    return std::nullopt;
  return boundary;
}

FormReader::FormReader(std::string_view boundary) : delimiter_("\r\n--") {
  delimiter_ += boundary;
}

Checked<FormStep> FormReader::handle_bytes(ByteView unread) {
  const std::string_view text = text_of(unread);
  switch (state_) {
    case State::first_boundary:
      return read_first_boundary(text);
    case State::behind_boundary:
      return read_behind_boundary(text);
    case State::part_head:
      return read_part_head(text);
    case State::content:
      return read_content(text);
    case State::ended:
      break;
  }
  return FormStep{FormStep::What::end, text.size()};
}

Checked<void> FormReader::handle_end() const {
  if (state_ != State::ended) return refuse(400, "a form that is cut off");
  return {};
}

Checked<FormStep> FormReader::read_first_boundary(std::string_view text) {
  const std::string_view first = std::string_view(delimiter_).substr(line_end_bytes);
  if (begins(first, text)) return FormStep{};
  if (!text.starts_with(first)) return refuse(400, "a form that does not begin with its boundary");
  state_ = State::behind_boundary;
  auto next = read_behind_boundary(text.substr(first.size()));
  if (next) next->used += first.size();
  return next;
}

Checked<FormStep> FormReader::read_behind_boundary(std::string_view text) {
  if (text.size() < 2) return FormStep{};
  if (text.starts_with("--")) {
    state_ = State::ended;
    return FormStep{FormStep::What::end, 2};
  }
  if (!text.starts_with("\r\n")) return refuse(400, "a boundary with something behind it");
  if (++parts_ > form_parts_max) return refuse(413, "a form with too many parts");
  state_ = State::part_head;
  scanner_ = FieldScanner();
  scanned_ = 0;
  auto next = read_part_head(text.substr(line_end_bytes));
  if (next) next->used += line_end_bytes;
  return next;
}

Checked<FormStep> FormReader::read_part_head(std::string_view text) {
  text = text.substr(0, form_part_head_bytes_max);
  const auto ended = scanner_.scan(text, scanned_);
  if (!ended) return refuse(ended.error());
  if (!*ended) {
    if (scanned_ == form_part_head_bytes_max) return refuse(431, "a part's head that is too long");
    return FormStep{};
  }
  Fields fields;
  scanner_.collect(text, fields);
  if (auto taken = take_part(fields); !taken) return refuse(taken.error());
  state_ = State::content;
  return FormStep{FormStep::What::part, scanned_};
}

Checked<void> FormReader::take_part(const Fields& fields) {
  const auto written = fields.only("Content-Disposition");
  auto disposition = written ? parse_disposition(*written) : std::nullopt;
  if (!disposition || disposition->type != "form-data" || !disposition->name)
    return refuse(400, "a part of a form without a name");
  const std::string_view encoding = fields.find("Content-Transfer-Encoding").value_or("binary");
  if (!same_word(encoding, "binary") && !same_word(encoding, "8bit") && !same_word(encoding, "7bit"))
    return refuse(400, "a part of a form in an encoding of its own");
  part_.name = std::move(*disposition->name);
  part_.filename = std::move(disposition->filename);
  part_.content_type = fields.find("Content-Type").value_or("");
  return {};
}

Checked<FormStep> FormReader::read_content(std::string_view text) {
  const std::size_t size = content_size(text, delimiter_);
  if (size > 0) return FormStep{FormStep::What::content, size, bytes_of(text.substr(0, size))};
  if (!text.starts_with(delimiter_)) return FormStep{};
  state_ = State::behind_boundary;
  return FormStep{FormStep::What::part_end, delimiter_.size()};
}

}  // namespace yam::proto::http
