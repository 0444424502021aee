#include "yam/service/http_client/basic_credentials.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "yam/base/base64.hpp"
#include "yam/base/text.hpp"
#include "yam/net/loop/fd.hpp"

namespace yam::service {

namespace {

// The words of a .netrc: between blanks, or in quotes with backslashes.
class NetrcWords {
 public:
  explicit NetrcWords(std::string_view text) : text_(text) {}

  std::optional<std::string> next() {
    for (;;) {
      at_ = text_.find_first_not_of(" \t\r\n", at_);
      if (at_ == std::string_view::npos) return std::nullopt;
      const bool starts_line = text_.substr(0, at_).find_last_not_of(" \t") == std::string_view::npos ||
                               text_[text_.substr(0, at_).find_last_not_of(" \t")] == '\n';
      if (text_[at_] != '#' || !starts_line) break;
      at_ = std::min(text_.find('\n', at_), text_.size());
    }
    return text_[at_] == '"' ? quoted_word() : plain_word();
  }
  // A macro reaches to an empty line.
  void skip_macro() { at_ = std::min(text_.find("\n\n", at_), text_.size()); }

 private:
  std::string plain_word() {
    const std::size_t end = std::min(text_.find_first_of(" \t\r\n", at_), text_.size());
    std::string word(text_.substr(at_, end - at_));
    at_ = end;
    return word;
  }
  std::string quoted_word() {
    std::string word;
    for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) {
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
      word += text_[at_];
    }
    ++at_;
    at_ = std::min(at_, text_.size());
    return word;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

std::string BasicCredentials::authorization() const {
  return "Basic " + base64(bytes_of(name + ":" + password));
}

Result<Netrc> Netrc::parse(std::string_view text) {
  Netrc netrc;
  NetrcWords words(text);
  while (auto word = words.next()) {
    if (*word == "macdef") {
      words.skip_macro();
      continue;
    }
    if (*word == "default") {
      netrc.machines_.push_back({});
      continue;
    }
    auto value = words.next();
    if (!value) return fail(Code::usage, ".netrc: nothing stands behind the last word");  // it may be secret
    if (*word == "machine") {
      netrc.machines_.push_back({std::move(*value), {}});
    } else if (*word != "login" && *word != "password" && *word != "account") {
      return fail(Code::usage, ".netrc: there is a word that is none of machine, default, login, password");
    } else if (netrc.machines_.empty()) {
      return fail(Code::usage, ".netrc: " + *word + " stands before any machine");
    } else if (*word != "account") {
      BasicCredentials& credentials = netrc.machines_.back().credentials;
      (*word == "login" ? credentials.name : credentials.password) = std::move(*value);
    }
  }
  return netrc;
}

Result<Netrc> Netrc::load(const std::string& path) {
  const std::string what = "cannot read " + quoted(path);
  const net::Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat status{};
  if (!file || ::fstat(file.get(), &status) != 0) return fail_os(what, errno);
  if (!S_ISREG(status.st_mode)) return fail(Code::local, what + ": it is no file");
  if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    return fail(Code::local, what + ": others may read the passwords in it", "chmod 600 keeps them to you");
  if (static_cast<std::uint64_t>(status.st_size) > bytes_max) return fail(Code::local, what + ": too large");
  std::string text(static_cast<std::size_t>(status.st_size), '\0');
  const ssize_t came = ::read(file.get(), text.data(), text.size());
  if (came < 0) return fail_os(what, errno);
  text.resize(static_cast<std::size_t>(came));
  return parse(text);
}

std::optional<BasicCredentials> Netrc::find(std::string_view host) const {
  for (const Machine& machine : machines_)
    if ((!machine.host || *machine.host == host) && !machine.credentials.name.empty())
      return machine.credentials;
  return std::nullopt;
}

}  // namespace yam::service
