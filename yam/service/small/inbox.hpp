#pragma once
// Rows 3 and 4 of the classics: what a peer sends until its FIN becomes a file, whole or not at all. It lies
// as `.part` until then; a peer that vanishes leaves that, and never half a file under the real name. The
// answer goes out once the file would survive a power cut.

#include <memory>

#include "yam/service/server/server_visit.hpp"

namespace yam::service {

net::Task<> receive_file(std::unique_ptr<Visit> visit);

}  // namespace yam::service
