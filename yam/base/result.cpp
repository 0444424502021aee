#include "yam/base/result.hpp"

#include <cctype>
#include <cerrno>
#include <cstring>

namespace yam {

namespace {

Code code_of_errno(int value) {
  switch (value) {
    case ETIMEDOUT:
      return Code::timeout;
    case ECONNREFUSED:
    case ECONNRESET:
    case ECONNABORTED:
    case EPIPE:
    case EHOSTUNREACH:
    case EHOSTDOWN:
    case ENETUNREACH:
    case ENETDOWN:
    case ENETRESET:
    case ENOTCONN:
      return Code::network;
    default:
      return Code::local;
  }
}

std::string words_of_errno(int value) {
  const char* text = ::strerrordesc_np(value);
  std::string words = text ? text : "error " + std::to_string(value);
  // "Connection refused" reads on after a colon; "I/O error" keeps its capitals.
  if (words.size() > 1 && std::islower(static_cast<unsigned char>(words[1])))
    words[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(words[0])));
  return words;
}

}  // namespace

std::unexpected<Error> fail(Code code, std::string what, std::string hint) {
  return std::unexpected(Error{code, std::move(what), std::move(hint)});
}

std::unexpected<Error> fail(Error error) {
  return std::unexpected(std::move(error));
}

std::unexpected<Error> fail_os(std::string what, int errno_value, std::string hint) {
  return fail(code_of_errno(errno_value), std::move(what) + ": " + words_of_errno(errno_value),
              std::move(hint));
}

int exit_status(Code code) {
  switch (code) {
    case Code::network:
    case Code::protocol:
      return 1;
    case Code::usage:
      return 2;
    case Code::timeout:
      return 3;
    case Code::not_found:
      return 4;
    case Code::identity:
      return 5;
    case Code::verification:
      return 6;
    case Code::refused:
      return 7;
    case Code::local:
      return 8;
    case Code::interrupted:
      return 130;
  }
  return 1;
}

const char* name_of(Code code) {
  switch (code) {
    case Code::network:
      return "network";
    case Code::protocol:
      return "protocol";
    case Code::usage:
      return "usage";
    case Code::timeout:
      return "timeout";
    case Code::not_found:
      return "not_found";
    case Code::identity:
      return "identity";
    case Code::verification:
      return "verification";
    case Code::refused:
      return "refused";
    case Code::local:
      return "local";
    case Code::interrupted:
      return "interrupted";
  }
  return "network";
}

}  // namespace yam
