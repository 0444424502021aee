#pragma once
// What people see of HTTP while get and put do it: heads as they came, and connections as ladders.

#include <cstdint>
#include <cstdio>
#include <map>

#include "yam/cli/trace.hpp"
#include "yam/service/http_client/http_connection.hpp"

namespace yam::cli {

// Each connection is a conversation of its own.
class TracedConnections final : public service::HttpObserver {
 public:
  explicit TracedConnections(Trace& trace) : trace_(trace) {}

  void handle_opened(net::Connection& connection) override {
    trace_.follow(connection, true, ++last_);
    numbers_[&connection] = last_;
  }
  void handle_closing(const net::Connection& connection, const std::string& how) override {
    trace_.end(connection, numbers_[&connection], how);
    numbers_.erase(&connection);
  }

 private:
  Trace& trace_;
  std::map<const net::Connection*, std::uint32_t> numbers_;
  std::uint32_t last_ = 0;
};

// As the course's program shows it, but for what could meddle with a terminal.
void show_head(const service::HttpHead& head, std::FILE* out);

}  // namespace yam::cli
