#pragma once
// The one peer that listen and talk wait for. Callers whose handshake fails are named on stderr; with
// --verbose also those who were still at theirs when somebody else was the first.

#include "yam/cli/raw/raw_options.hpp"
#include "yam/net/connection.hpp"

namespace yam::cli {

net::Task<Result<net::Connection>> welcome_one(net::Loop& loop, net::Acceptor& acceptor, RawOptions options);

}  // namespace yam::cli
