#pragma once
// Row 5 of the classics: a peer sends the name of a file, without a terminator, and gets its bytes. What is
// missing, or would lead out of the folder, is answered by the end alone. A name may come in pieces: it is
// taken as whole when it names a file, at the peer's FIN, and when nothing more came for name_pause.

#include <memory>

#include "yam/service/server/server_visit.hpp"

namespace yam::service {

net::Task<> send_file(std::unique_ptr<Visit> visit);

}  // namespace yam::service
