#pragma once
// The room that a peer's files have in the served folder, where its quota leaves any.

#include <optional>

#include "yam/base/result.hpp"
#include "yam/net/loop/task.hpp"
#include "yam/service/server/folder_quota.hpp"

namespace yam::service {

class HttpServer;

// What one upload may take; empty where the folder has no quota.
using HttpRoom = std::optional<FolderQuota::Share>;

// Sets aside what an upload says it will add. What the folder holds is counted first, where that is due, on
// another thread. Code::local when there is no room. `server` outlives the task.
net::Task<Result<HttpRoom>> set_aside_room(HttpServer& server, store::Held promised);

}  // namespace yam::service
