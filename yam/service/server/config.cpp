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

constexpr std::array<std::string_view, 6> top_keys{"root", "lan", "loops", "limits", "tftp", "service"};
constexpr std::array<std::string_view, 1> service_keys{"url"};
constexpr std::array<std::string_view, 8> tftp_keys{"allow",      "deny",    "root",   "backslash",
                                                    "lower-case", "rewrite", "client", "quota"};
constexpr std::array<std::string_view, 2> rewrite_keys{"match", "with"};
constexpr std::array<std::string_view, 5> client_keys{"cidr", "root", "write", "blksize", "windowsize"};

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
    } else if (key == "tftp") {
      const toml::table* rules = value.as_table();
      return rules != nullptr ? read_tftp(*rules) : wants(line, key, "a table: [tftp]");
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

  // ---- [tftp]

  Result<> read_tftp(const toml::table& table) {
    TftpRules& rules = config_.tftp;
    for (const auto& [name, value] : table) {
      const std::string_view key = name.str();
      const Line line = name.source().begin.line;
      Result<> read;
      if (key == "allow") {
        read = read_blocks(line, key, value, rules.allow);
      } else if (key == "deny") {
        read = read_blocks(line, key, value, rules.deny);
      } else if (key == "root") {
        read = read_client_folder(line, key, value, rules.folder);
      } else if (key == "backslash" || key == "lower-case") {
        if (!value.is_boolean()) return wants(line, key, "true or false");
        (key == "backslash" ? rules.backslash : rules.lower_case) = *value.value<bool>();
      } else if (key == "rewrite") {
        read = read_tables(line, key, value,
                           [&](Line at, const toml::table& each) { return read_rewrite(at, each); });
      } else if (key == "client") {
        read = read_tables(line, key, value,
                           [&](Line at, const toml::table& each) { return read_client(at, each); });
      } else if (key == "quota") {
        read = read_quota(line, key, value);
      } else {
        return no_key(line, key, "[tftp]", tftp_keys);
      }
      if (!read) return read;
    }
    return {};
  }

  // One text, or a list of them.
  Result<> read_blocks(Line line, std::string_view key, const toml::node& value, std::vector<Cidr>& blocks) {
    const auto read_one = [&](Line at, const toml::node& each) -> Result<> {
      if (!each.is_string()) return wants(at, key, "blocks of addresses in quotes: \"10.0.0.0/8\"");
      const auto block = parse_client_block(*each.value<std::string>());
      if (!block) return refuse(at, std::string(key) + ": " + block.error().what, block.error().hint);
      blocks.push_back(*block);
      return {};
    };
    const toml::array* list = value.as_array();
    if (list == nullptr) return read_one(line, value);
    // Nobody or everybody? Who wrote it meant one of them.
    if (list->empty()) return refuse(line, std::string(key) + " is empty", "leave it out");
    if (list->size() > TftpRules::lines_max) return too_many(line, key);
    for (const toml::node& each : *list)
      if (const auto read = read_one(each.source().begin.line, each); !read) return read;
    return {};
  }

  template <class F>
  Result<> read_tables(Line line, std::string_view key, const toml::node& value, F read_one) {
    const toml::array* list = value.as_array();
    if (list == nullptr) return wants(line, key, "tables: [[tftp." + std::string(key) + "]]");
    if (list->size() > TftpRules::lines_max) return too_many(line, key);
    for (const toml::node& each : *list) {
      const Line here = each.source().begin.line;
      const toml::table* table = each.as_table();
      if (table == nullptr) return wants(here, key, "tables: [[tftp." + std::string(key) + "]]");
      if (const auto read = read_one(here, *table); !read) return read;
    }
    return {};
  }

  Result<> read_rewrite(Line here, const toml::table& table) {
    std::optional<std::string> match, with;
    for (const auto& [key, value] : table) {
      const Line line = key.source().begin.line;
      if (key.str() != "match" && key.str() != "with")
        return no_key(line, key.str(), "[[tftp.rewrite]]", rewrite_keys);
      if (!value.is_string()) return wants(line, key.str(), "text in quotes");
      (key.str() == "match" ? match : with) = *value.value<std::string>();
    }
    if (!match || !with) return refuse(here, "a rewrite has a match and a with");
    auto rule = TftpRewrite::compile(*match, *with);
    if (!rule) return refuse(here, rule.error().what, rule.error().hint);
    config_.tftp.rewrites.push_back(std::move(*rule));
    return {};
  }

  Result<> read_client(Line here, const toml::table& table) {
    TftpClientRule rule;
    for (const auto& [name, value] : table) {
      const std::string_view key = name.str();
      const Line line = name.source().begin.line;
      Result<> read;
      if (key == "cidr") {
        read = read_blocks(line, key, value, rule.clients);
      } else if (key == "root") {
        read = read_client_folder(line, key, value, rule.folder);
      } else if (key == "write") {
        const auto write = parse_write_policy(value.value_or(std::string()));
        if (!write) return refuse(line, write.error().what, write.error().hint);
        rule.write = *write;
      } else if (key == "blksize") {
        using namespace proto::tftp;
        read = read_cap(line, key, value, block_bytes_min, block_bytes_max, rule.block_bytes_max);
      } else if (key == "windowsize") {
        read = read_cap(line, key, value, 1, proto::tftp::window_blocks_max, rule.window_max);
      } else {
        return no_key(line, key, "[[tftp.client]]", client_keys);
      }
      if (!read) return read;
    }
    if (rule.clients.empty()) return refuse(here, "this [[tftp.client]] has no cidr");
    config_.tftp.clients.push_back(std::move(rule));
    return {};
  }

  Result<> read_client_folder(Line line, std::string_view key, const toml::node& value,
                              std::optional<std::string>& folder) {
    if (!value.is_string()) return wants(line, key, "a folder in quotes");
    folder = value.value<std::string>();
    const auto good = check_client_folder(*folder);
    return good ? good : refuse(line, std::string(key) + ": " + good.error().what, good.error().hint);
  }

  Result<> read_cap(Line line, std::string_view key, const toml::node& value, std::size_t least,
                    std::size_t most, std::optional<std::uint16_t>& cap) {
    const auto number = value.value<std::int64_t>();
    const auto low = static_cast<std::int64_t>(least), high = static_cast<std::int64_t>(most);
    if (!value.is_integer() || *number < low || *number > high)
      return wants(line, key, "a number from " + std::to_string(least) + " to " + std::to_string(most));
    cap = static_cast<std::uint16_t>(*number);
    return {};
  }

  Result<> read_quota(Line line, std::string_view key, const toml::node& value) {
    std::string text = value.value_or(std::string());
    if (value.is_integer()) text = std::to_string(*value.value<std::int64_t>());
    const auto bytes = parse_bytes(text);
    if (!bytes) return refuse(line, std::string(key) + ": " + bytes.error().what, bytes.error().hint);
    config_.tftp.quota_bytes = *bytes;
    return {};
  }

  std::unexpected<Error> too_many(Line line, std::string_view key) const {
    return refuse(line, std::string(key) + " has more than " + std::to_string(TftpRules::lines_max));
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
