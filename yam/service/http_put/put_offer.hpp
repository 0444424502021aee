#pragma once
// What a server takes at a place: asked by OPTIONS before the first upload, and folders made there by MKCOL
// (RFC 4918 §9.3).

#include "yam/proto/tus/client.hpp"
#include "yam/service/http_put/put_request.hpp"

namespace yam::service {

// Larger files go by tus where both ways are open: what is cut is worth going on with.
inline constexpr std::uint64_t tus_bytes_min = 8 * 1024 * 1024;

struct PutOffer {
  bool takes_put = true;  // as far as is known
  proto::tus::Offer tus = {};

  bool has_tus() const { return tus.speaks_tus && tus.creation; }
  // Whether a file of this size goes by tus; absent: of unknown size.
  bool prefers_tus(std::optional<std::uint64_t> size_bytes) const {
    return has_tus() && (!takes_put || size_bytes.value_or(0) >= tus_bytes_min);
  }
};

// Of the head of an answer to OPTIONS, whatever its status: servers that do not know the method take PUT,
// perhaps.
PutOffer read_put_offer(const HttpHead& head);

// Whether an answer to MKCOL means that the folder is there, or that the server knows no folders that are to
// be made: it makes them by itself, or refuses the files.
bool is_folder_there(unsigned status);

}  // namespace yam::service
