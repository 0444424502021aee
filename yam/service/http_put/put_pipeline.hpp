#pragma once
// Small files over one connection, requests ahead of their answers (RFC 9112 §9.3.2): what fits goes in one
// write. It judges plain answers alone; whatever wants a second look (redirects, what may pass, a connection
// that ends) is left to be sent one by one.
//
// One loop.

#include <deque>

#include "yam/service/http_put/put_errands.hpp"

namespace yam::service {

class PutPipeline {
 public:
  static constexpr std::size_t ahead_max = 32;  // requests that wait for their answers
  static constexpr std::size_t written_bytes_max = 256 * 1024;

  // `common` outlives it.
  explicit PutPipeline(PutCommon& common) : common_(common) {}

  // Until there is no small file left, or the connection is of no more use. What was not answered stands in
  // common.alone then.
  net::Task<> run();

 private:
  struct Flight {
    PutRunning* running;
    Bytes sha256;
    Time began;
  };

  std::uint64_t write_ahead(HttpConnection& connection, std::size_t ahead);
  bool write(HttpConnection& connection, PutRunning& running, std::uint64_t& written);
  net::Task<bool> hear(HttpConnection& connection);
  Result<void> judge(Flight& flight, const HttpHead& head, const PutAnswer& answer);

  PutCommon& common_;
  std::deque<Flight> flights_;
  std::size_t answers_ = 0;
};

}  // namespace yam::service
