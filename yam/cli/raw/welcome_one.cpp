#include "yam/cli/raw/welcome_one.hpp"

#include "yam/base/text.hpp"
#include "yam/cli/voice.hpp"
#include "yam/net/first_welcome.hpp"

namespace yam::cli {

namespace {

void complain(const std::string& peer, const Error& fault) {
  say(escaped(peer) + ": " + fault.what);
}

}  // namespace

net::Task<Result<net::Connection>> welcome_one(net::Loop& loop, net::Acceptor& acceptor, RawOptions options) {
  auto first = co_await net::welcome_first(loop, acceptor, options.timeout, complain);
  if (!first) co_return fail(first.error());
  for (const std::string& peer : first->late)
    if (options.verbose) say(escaped(peer) + ": closed in its handshake, somebody else was first");
  co_return std::move(first->connection);
}

}  // namespace yam::cli
