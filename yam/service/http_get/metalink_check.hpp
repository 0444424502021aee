#pragma once
// Holds what lies in a file against the hashes that a Metalink tells, on a thread. Bytes come by splice,
// unseen, and are read back from the kernel's cache: SHA-256 takes 0.5 to 2 s a GiB.
//
// One loop. Cancelled, the thread ends with the piece that it is at.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "yam/net/loop/fd.hpp"
#include "yam/net/loop/loop.hpp"
#include "yam/net/loop/task.hpp"
#include "yam/proto/metalink/metalink_parser.hpp"
#include "yam/service/http_get/span_set.hpp"

namespace yam::service {

// Which bytes the piece `number` of a file has.
Span span_of_piece(const proto::metalink::Pieces& pieces, std::size_t number, std::uint64_t size_bytes);

// Which of the pieces `numbers` are as they should be. Code::local when the file cannot be read. `pieces`
// outlives the thread as well: it is shared with it.
net::Task<Result<std::vector<std::size_t>>> check_pieces(
    net::Loop& loop, int file, std::shared_ptr<const proto::metalink::Pieces> pieces,
    std::uint64_t size_bytes, std::vector<std::size_t> numbers);

// Whether all of it is.
net::Task<Result<bool>> check_whole(net::Loop& loop, int file, proto::metalink::Hash hash);

}  // namespace yam::service
