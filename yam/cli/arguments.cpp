#include "yam/cli/arguments.hpp"

#include <cctype>
#include <charconv>
#include <functional>

#include <CLI/CLI.hpp>

#include "yam/base/quantity.hpp"
#include "yam/base/text.hpp"

namespace yam::cli {

namespace {

constexpr std::size_t name_columns = 34;
constexpr std::size_t help_columns = 66;

// Options as a manual lists them: descriptions wrapped, the environment told once at the end.
class ManualFormatter final : public CLI::Formatter {
 public:
  ManualFormatter() { column_width(name_columns); }

  std::string make_option_opts(const CLI::Option* option) const override {
    if (option->get_positional() || option->get_type_name().empty()) return "";
    return " " + option->get_type_name();
  }

  // "URL..." for one or more, which would be "URL(1x)".
  std::string make_option_usage(const CLI::Option* option) const override {
    if (!option->get_option_text().empty()) return option->get_option_text();
    const std::string name = make_option_name(option, true) + (option->get_expected_max() > 1 ? "..." : "");
    return option->get_required() ? name : "[" + name + "]";
  }

  std::string make_option_desc(const CLI::Option* option) const override {
    std::string wrapped;
    std::size_t columns = 0;
    for (const std::string& word : CLI::detail::split(option->get_description(), ' ')) {
      const std::size_t width = display_width(word);
      if (columns != 0) wrapped += columns + 1 + width > help_columns ? '\n' : ' ';
      columns = columns != 0 && columns + 1 + width <= help_columns ? columns + 1 + width : width;
      wrapped += word;
    }
    return wrapped;
  }

  std::string make_footer(const CLI::App* app) const override {
    const std::string footer = CLI::Formatter::make_footer(app);
    const CLI::Option* example = example_in(*app);
    if (example == nullptr) return footer;
    return "Each option may also come from the environment: --" + example->get_lnames().front() + " as " +
           example->get_envname() + ".\n" + footer;
  }

 private:
  // An option of the verb, with two words if there is one: what becomes of the dash needs to be shown.
  static const CLI::Option* example_in(const CLI::App& app) {
    const CLI::Option* found = nullptr;
    for (const CLI::Option* option : app.get_options()) {
      if (option->get_envname().empty() || option->get_lnames().empty()) continue;
      if (option->get_lnames().front().find('-') != std::string::npos) return option;
      if (found == nullptr) found = option;
    }
    return found;
  }
};

}  // namespace

struct Arguments::Parser {
  Parser(std::string summary, std::string verb)
      : app(std::move(summary), "yam " + verb), verb_name(std::move(verb)) {
    app.formatter(std::make_shared<ManualFormatter>());
    app.set_help_flag("-h,--help", "Print this help and exit");
  }

  // Adds an option whose value goes through `accept`, which may refuse it.
  CLI::Option* add(std::string_view names, std::string_view shape, std::string_view help,
                   std::function<Result<void>(const std::string&)> accept) {
    const std::string name(names);
    CLI::Option* option = app.add_option_function<std::string>(
        name,
        [name, accept = std::move(accept)](const std::string& value) {
          if (auto taken = accept(value); !taken) throw CLI::ValidationError(name, taken.error().what);
        },
        std::string(help));
    option->type_name(std::string(shape))->envname(environment_name(names));
    remember(names);
    return option;
  }

  // "-v,--verbose" is YAM_VERBOSE.
  static std::string environment_name(std::string_view names) {
    std::string name = "YAM_";
    for (const char c : names.substr(names.find("--") + 2))
      name += c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return name;
  }

  void remember(std::string_view names) { long_names.emplace_back(names.substr(names.find("--"))); }

  std::string hint_for(const std::string& given) const {
    const std::vector<std::string_view> candidates(long_names.begin(), long_names.end());
    const std::string_view name = std::string_view(given).substr(0, given.find('='));
    if (const auto near = nearest(name, candidates)) return "did you mean " + std::string(*near) + "?";
    return "`yam " + verb_name + " --help` lists the options";
  }

  CLI::App app;
  std::string verb_name;
  std::vector<std::string> long_names;
  std::vector<std::function<void()>> after_parse;
};

Arguments::Arguments(std::string_view verb, std::string_view summary, std::string_view closing)
    : parser_(std::make_unique<Parser>(std::string(summary), std::string(verb))) {
  parser_->app.footer(std::string(closing));
}

Arguments::~Arguments() = default;

void Arguments::flag(std::string_view names, bool& into, std::string_view help) {
  parser_->app.add_flag(std::string(names), into, std::string(help))
      ->envname(Parser::environment_name(names));
  parser_->remember(names);
}

void Arguments::count(std::string_view names, int& into, std::string_view help) {
  parser_->app.add_flag(std::string(names), into, std::string(help))
      ->envname(Parser::environment_name(names));
  parser_->remember(names);
}

void Arguments::text(std::string_view names, std::string& into, std::string_view shape,
                     std::string_view help) {
  parser_->add(names, shape, help, [&into](const std::string& value) -> Result<void> {
    if (value.empty()) return fail(Code::usage, "an empty value says nothing; leave the option out");
    into = value;
    return {};
  });
}

// A flag to the parser, so that --trace does not swallow the word behind it; given bare it comes as "true".
void Arguments::maybe_text(std::string_view names, std::optional<std::string>& into, std::string_view shape,
                           std::string_view help) {
  auto value = std::make_shared<std::string>();
  CLI::Option* option = parser_->app.add_flag(std::string(names), *value, std::string(help))
                            ->type_name("[=" + std::string(shape) + "]")
                            ->envname(Parser::environment_name(names));
  parser_->remember(names);
  parser_->after_parse.push_back([value, option, &into] {
    if (option->count() > 0) into = *value == "true" ? std::string() : *value;
  });
}

void Arguments::number(std::string_view names, std::uint64_t& into, std::uint64_t least, std::uint64_t most,
                       std::string_view help) {
  parser_->add(names, "N", help, [&into, least, most](const std::string& value) -> Result<void> {
    std::uint64_t number = 0;
    const char* end = value.data() + value.size();
    const auto read = std::from_chars(value.data(), end, number);
    if (read.ec != std::errc() || read.ptr != end || number < least || number > most)
      return fail(Code::usage, "'" + value + "' is not a number from " + std::to_string(least) + " to " +
                                   std::to_string(most));
    into = number;
    return {};
  });
}

void Arguments::duration(std::string_view names, Duration& into, std::string_view help) {
  parser_->add(names, "TIME", help, [&into](const std::string& value) -> Result<void> {
    const auto span = parse_duration(value);
    if (!span) return fail(span.error());
    into = *span;
    return {};
  });
}

void Arguments::bytes(std::string_view names, std::uint64_t& into, std::string_view help) {
  parser_->add(names, "SIZE", help, [&into](const std::string& value) -> Result<void> {
    const auto size = parse_bytes(value);
    if (!size) return fail(size.error());
    into = *size;
    return {};
  });
}

void Arguments::choice(std::string_view names, std::string& into, std::vector<std::string> choices,
                       std::string_view help) {
  std::string shape;
  for (const auto& each : choices)
    shape += (shape.empty() ? "" : "|") + each;
  parser_->add(names, shape, help, [&into, shape, choices](const std::string& value) -> Result<void> {
    if (std::find(choices.begin(), choices.end(), value) == choices.end())
      return fail(Code::usage, "'" + value + "' is none of " + shape);
    into = value;
    return {};
  });
}

void Arguments::list(std::string_view names, std::vector<std::string>& into, std::string_view shape,
                     std::string_view help) {
  parser_->app.add_option(std::string(names), into, std::string(help))
      ->type_name(std::string(shape))
      ->expected(1)
      ->take_all()
      ->envname(Parser::environment_name(names));
  parser_->remember(names);
}

void Arguments::word(std::string_view name, std::string& into, bool required, std::string_view help) {
  parser_->app.add_option(std::string(name), into, std::string(help))->required(required)->type_name("");
}

void Arguments::words(std::string_view name, std::vector<std::string>& into, std::size_t least,
                      std::string_view help, std::string_view usage) {
  CLI::Option* option = parser_->app.add_option(std::string(name), into, std::string(help))->type_name("");
  option->option_text(std::string(usage));
  if (least > 0) option->required()->expected(static_cast<int>(least), 1 << 20);
}

Result<bool> Arguments::parse(const std::vector<std::string>& given) {
  try {
    parser_->app.parse(
        std::vector<std::string>(given.rbegin(), given.rend()));  // CLI11 takes them from the back
    for (const auto& step : parser_->after_parse)
      step();
    return true;
  } catch (const CLI::CallForHelp&) {
    std::fputs(parser_->app.help().c_str(), stdout);
    return false;
  } catch (const CLI::ExtrasError&) {
    for (const std::string& each : parser_->app.remaining()) {
      if (each.size() > 1 && each.front() == '-')
        return fail(Code::usage, parser_->verb_name + " has no option " + each, parser_->hint_for(each));
    }
    return fail(Code::usage,
                parser_->verb_name + " does not take '" + parser_->app.remaining().front() + "' as well",
                "`yam " + parser_->verb_name + " --help` says what it takes");
  } catch (const CLI::ParseError& fault) {
    return fail(Code::usage, fault.what(), "`yam " + parser_->verb_name + " --help` says what it takes");
  }
}

}  // namespace yam::cli
