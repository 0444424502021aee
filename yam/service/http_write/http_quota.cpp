#include "yam/service/http_write/http_quota.hpp"

#include <functional>
#include <memory>

#include "yam/net/loop/elsewhere.hpp"
#include "yam/service/http_server/http_server.hpp"
#include "yam/store/upload/upload_store.hpp"

namespace yam::service {

namespace {

store::Held count_folder(const store::Folder& folder) {
  store::Held held = folder.held();
  held += store::UploadStore(folder).held();
  return held;
}

// By who has begun the count: `kept` is what begin_count() gave him.
net::Task<Result<>> count_anew(HttpServer& server, FolderQuota& quota, store::Held kept) {
  auto folder = server.folder().duplicate();
  auto owned = folder ? std::make_shared<store::Folder>(std::move(*folder)) : nullptr;  // with the thread
  std::move_only_function<Result<store::Held>()> work = [owned] { return count_folder(*owned); };
  const Time began = Clock::now();
  Result<store::Held> held = folder ? store::Held() : Result<store::Held>(fail(folder.error()));
  if (folder) {
    auto counting = net::do_elsewhere<store::Held>(server.hosting().loop, std::move(work));
    held = co_await std::move(counting);
  }
  if (!held) {
    quota.handle_count_failed();
    co_return fail(held.error());
  }
  quota.handle_count(*held, kept, began, Clock::now());
  co_return Result<>();
}

// Counts, if it is due and nobody does so; the first time nobody goes on without.
net::Task<Result<>> keep_count(HttpServer& server, FolderQuota& quota, bool is_urgent) {
  constexpr Duration step = std::chrono::milliseconds(5);
  for (;;) {
    if (const auto kept = quota.begin_count(Clock::now(), is_urgent)) {
      auto counting = count_anew(server, quota, *kept);
      co_return co_await std::move(counting);
    }
    if (quota.is_counted()) co_return Result<>();
    co_await server.hosting().loop.sleep_for(step);
  }
}

}  // namespace

net::Task<Result<HttpRoom>> set_aside_room(HttpServer& server, store::Held promised) {
  if (!server.settings().quota) co_return HttpRoom();
  FolderQuota& quota = server.quota();
  for (const bool is_urgent : {false, true}) {  // what was removed since the last count makes room
    auto counting = keep_count(server, quota, is_urgent);
    if (const auto counted = co_await std::move(counting); !counted) co_return fail(counted.error());
    auto share = quota.admit(promised, *server.settings().quota);
    if (share) co_return HttpRoom(std::move(share));
  }
  co_return fail(Code::local, "the quota has no room for it");
}

}  // namespace yam::service
