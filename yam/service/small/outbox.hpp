#pragma once
// Row 5 of the classics: a peer sends the name of a file, without a terminator, and gets its bytes. What is
// missing, or would lead out of the folder, is answered by the end alone. A name may come in pieces; see
// outbox_name.hpp for when it is whole.

#include <memory>

#include "yam/service/server/server_visit.hpp"

namespace yam::service {

net::Task<> send_file(std::unique_ptr<Visit> visit);

}  // namespace yam::service
