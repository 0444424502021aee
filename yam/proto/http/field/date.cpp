#include "yam/proto/http/field/date.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>

#include "yam/base/text.hpp"

namespace yam::proto::http {
namespace {

constexpr std::string_view weekdays[] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                         "Thursday", "Friday", "Saturday"};
constexpr std::string_view months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::size_t short_weekday_bytes = 3;

// Takes a date apart from the left. After a mistake everything fails.
class DateReader {
 public:
  explicit DateReader(std::string_view text) : rest_(text) {}

  void word(std::string_view expected) {
    whole_ = whole_ && rest_.starts_with(expected);
    if (whole_) rest_.remove_prefix(expected.size());
  }
  bool try_word(std::string_view expected) {
    if (!rest_.starts_with(expected)) return false;
    rest_.remove_prefix(expected.size());
    return true;
  }
  int digits(std::size_t count) {
    int number = 0;
    whole_ = whole_ && rest_.size() >= count && std::ranges::all_of(rest_.substr(0, count), is_digit);
    for (std::size_t i = 0; whole_ && i < count; ++i)
      number = number * 10 + (rest_[i] - '0');
    if (whole_) rest_.remove_prefix(count);
    return number;
  }
  int blank_or_digits() {  // of asctime: "06" or " 6"
    return try_word(" ") ? digits(1) : digits(2);
  }
  unsigned month() {
    for (unsigned i = 0; i < std::size(months); ++i)
      if (try_word(months[i])) return i + 1;
    whole_ = false;
    return 0;
  }
  std::chrono::seconds time() {
    const int hour = digits(2);
    word(":");
    const int minute = digits(2);
    word(":");
    const int second = digits(2);
    whole_ = whole_ && hour < 24 && minute < 60 && second <= 60;
    const int known = std::min(second, 59);  // our clock has no leap seconds
    return std::chrono::hours(hour) + std::chrono::minutes(minute) + std::chrono::seconds(known);
  }
  bool whole() const { return whole_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool whole_ = true;
};

std::optional<Date> date_of(const DateReader& reader, int year, unsigned month, int day,
                            std::chrono::seconds time) {
  const std::chrono::year_month_day calendar{std::chrono::year(year), std::chrono::month(month),
                                             std::chrono::day(static_cast<unsigned>(day))};
  if (!reader.whole() || !calendar.ok()) return std::nullopt;
  return std::chrono::sys_days(calendar) + time;
}

std::optional<Date> parse_fixed(DateReader reader) {
  const int day = reader.digits(2);
  reader.word(" ");
  const unsigned month = reader.month();
  reader.word(" ");
  const int year = reader.digits(4);
  reader.word(" ");
  const auto time = reader.time();
  reader.word(" GMT");
  return date_of(reader, year, month, day, time);
}

std::optional<Date> parse_rfc850(DateReader reader, Date now) {
  const int day = reader.digits(2);
  reader.word("-");
  const unsigned month = reader.month();
  reader.word("-");
  const int two_digits = reader.digits(2);
  reader.word(" ");
  const auto time = reader.time();
  reader.word(" GMT");
  const auto today = std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(now));
  const int this_year = static_cast<int>(today.year());
  int year = this_year - this_year % 100 + two_digits;
  if (year > this_year + 50) year -= 100;
  return date_of(reader, year, month, day, time);
}

std::optional<Date> parse_asctime(DateReader reader) {
  const unsigned month = reader.month();
  reader.word(" ");
  const int day = reader.blank_or_digits();
  reader.word(" ");
  const auto time = reader.time();
  reader.word(" ");
  const int year = reader.digits(4);
  return date_of(reader, year, month, day, time);
}

}  // namespace

std::string write_date(Date date) {
  const auto day = std::chrono::floor<std::chrono::days>(date);
  const std::chrono::year_month_day calendar(day);
  const std::chrono::hh_mm_ss time(date - day);
  // In place: each answer has two of them.
  std::string text = "Day, 00 Mon 0000 00:00:00 GMT";
  const auto put = [&](std::size_t at, long number) {
    text[at] = static_cast<char>('0' + number / 10 % 10);
    text[at + 1] = static_cast<char>('0' + number % 10);
  };
  const auto put_name = [&](std::size_t at, std::string_view name) { text.replace(at, 3, name, 0, 3); };
  put_name(0, weekdays[std::chrono::weekday(day).c_encoding()]);
  put(5, static_cast<unsigned>(calendar.day()));
  put_name(8, months[static_cast<unsigned>(calendar.month()) - 1]);
  put(12, static_cast<int>(calendar.year()) / 100);
  put(14, static_cast<int>(calendar.year()) % 100);
  put(17, time.hours().count());
  put(20, time.minutes().count());
  put(23, time.seconds().count());
  return text;
}

std::optional<Date> parse_date(std::string_view text, Date now) {
  for (const std::string_view weekday : weekdays) {
    DateReader reader(text);
    if (reader.try_word(weekday)) {
      if (reader.try_word(", ")) return parse_rfc850(reader, now);
      return std::nullopt;
    }
    if (reader.try_word(weekday.substr(0, short_weekday_bytes))) {
      if (reader.try_word(", ")) return parse_fixed(reader);
      if (reader.try_word(" ")) return parse_asctime(reader);
      return std::nullopt;
    }
  }
  return std::nullopt;
}

}  // namespace yam::proto::http
