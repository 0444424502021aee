#include "yam/service/server/config.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <unistd.h>

#include <toml++/toml.h>

#include "yam/base/text.hpp"
#include "yam/net/loop/fd.hpp"

namespace yam::service {

namespace {

constexpr std::array<std::string_view, 5> top_keys{"root", "lan", "loops", "limits", "service"};
constexpr std::array<std::string_view, 1> service_keys{"url"};

// The keys of one file, read into a ServeConfig.
class Reader {
 public:
  explicit Reader(const std::string& name) : name_(name) {}

  Result<ServeConfig> read(const toml::table& file) {
    for (const auto& [key, value] : file) {
      if (auto done = read_top(key.str(), key.source().begin.line, value); !done) return fail(done.error());
    }
    return config_;
  }

 private:
  using Line = toml::source_index;

  std::unexpected<Error> refuse(Line line, const std::string& fault, std::string hint = {}) const {
    return fail(Code::usage, name_ + ":" + std::to_string(line) + ": " + fault, std::move(hint));
  }
  std::unexpected<Error> no_key(Line line, std::string_view key, std::string_view where,
                                std::span<const std::string_view> known) const {
    std::string hint = "known are ";
    for (const auto& each : known)
      hint += (&each == &known.front() ? "" : ", ") + std::string(each);
    if (const auto near = nearest(key, known)) hint = "did you mean " + std::string(*near) + "?";
    return refuse(line, "no key " + quoted(key) + " in " + std::string(where), hint);
  }
  std::unexpected<Error> wants(Line line, std::string_view key, std::string_view what) const {
    return refuse(line, std::string(key) + " wants " + std::string(what));
  }

  Result<> read_top(std::string_view key, Line line, const toml::node& value) {
    if (key == "root") {
      config_.root = value.value<std::string>();
      if (!value.is_string() || config_.root->empty()) return wants(line, key, "a folder in quotes");
    } else if (key == "lan") {
      config_.lan = value.value<bool>();
      if (!value.is_boolean()) return wants(line, key, "true or false");
    } else if (key == "loops") {
      const auto loops = value.value<std::int64_t>();
      if (!value.is_integer() || *loops < 1 || *loops > static_cast<std::int64_t>(loops_max))
        return wants(line, key, "a number from 1 to " + std::to_string(loops_max));
      config_.loops = static_cast<std::uint64_t>(*loops);
    } else if (key == "limits") {
      const toml::table* limits = value.as_table();
      return limits != nullptr ? read_limits(*limits) : wants(line, key, "a table: [limits]");
    } else if (key == "service") {
      const toml::array* services = value.as_array();
      return services != nullptr ? read_services(*services) : wants(line, key, "tables: [[service]]");
    } else {
      return no_key(line, key, "the file", top_keys);
    }
    return {};
  }

  Result<> read_limits(const toml::table& limits) {
    std::vector<std::string_view> known;
    for (const LimitRow& row : limit_rows())
      known.push_back(row.name);
    for (const auto& [key, value] : limits) {
      const Line line = key.source().begin.line;
      if (std::ranges::find(known, key.str()) == known.end())
        return no_key(line, key.str(), "[limits]", known);
      std::string text = value.value_or(std::string());
      if (value.is_integer()) text = std::to_string(*value.value<std::int64_t>());
      if (!value.is_integer() && !value.is_string())
        return wants(line, key.str(), "a number, or text in quotes");
      if (const auto set = set_limit(config_.limits, key.str(), text); !set)
        return refuse(line, std::string(key.str()) + ": " + set.error().what);
    }
    return {};
  }

  Result<> read_services(const toml::array& services) {
    for (const toml::node& each : services) {
      const Line here = each.source().begin.line;
      const toml::table* service = each.as_table();
      if (service == nullptr) return wants(here, "service", "tables: [[service]]");
      for (const auto& [key, value] : *service) {
        const Line line = key.source().begin.line;
        if (key.str() != "url") return no_key(line, key.str(), "[[service]]", service_keys);
        if (!value.is_string()) return wants(line, key.str(), "a service URL in quotes");
        // Judged here, where the line is known; what the command line adds cannot make it wrong.
        const auto parsed = parse_service(*value.value<std::string>(), ServiceDefaults());
        if (!parsed) return refuse(line, parsed.error().what, parsed.error().hint);
        config_.urls.push_back(*value.value<std::string>());
      }
      if (service->empty()) return refuse(here, "this [[service]] has no url");
    }
    return {};
  }

  const std::string& name_;
  ServeConfig config_;
};

}  // namespace

Result<ServeConfig> parse_config(std::string_view text, const std::string& name) {
  try {
    return Reader(name).read(toml::parse(text, name));
  } catch (const toml::parse_error& fault) {
    return fail(Code::usage, name + ":" + std::to_string(fault.source().begin.line) + ": " +
                                 std::string(fault.description()));
  }
}

Result<ServeConfig> read_config(const std::string& path) {
  const std::string what = "cannot read " + escaped(path);
  const net::Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return fail_os(what, errno);
  std::string text(config_bytes_max + 1, '\0');
  std::size_t size = 0;
  while (size < text.size()) {
    const ssize_t got = ::read(file.get(), text.data() + size, text.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail_os(what, errno);
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  if (size > config_bytes_max) return fail(Code::usage, what + ": longer than a configuration is");
  text.resize(size);
  return parse_config(text, escaped(path));
}

}  // namespace yam::service
