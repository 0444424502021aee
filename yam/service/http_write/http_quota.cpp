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

net::Task<Result<>> count_anew(HttpServer& server, FolderQuota& quota) {
  auto folder = server.folder().duplicate();
  if (!folder) co_return fail(folder.error());
  auto owned = std::make_shared<store::Folder>(std::move(*folder));  // with the thread
  std::move_only_function<Result<store::Held>()> work = [owned] { return count_folder(*owned); };
  const Time began = Clock::now();
  const store::Held kept = quota.kept_since_count();
  auto counting = net::do_elsewhere<store::Held>(server.hosting().loop, std::move(work));
  const auto held = co_await std::move(counting);
  if (!held) co_return fail(held.error());
  quota.handle_count(*held, kept, began, Clock::now());
  co_return Result<>();
}

}  // namespace

net::Task<Result<HttpRoom>> set_aside_room(HttpServer& server, store::Held promised) {
  if (!server.settings().quota) co_return HttpRoom();
  FolderQuota& quota = server.quota();
  if (quota.is_count_due(Clock::now())) {
    auto counting = count_anew(server, quota);
    if (const auto counted = co_await std::move(counting); !counted) co_return fail(counted.error());
  }
  auto share = quota.admit(promised, *server.settings().quota);
  if (!share) co_return fail(Code::local, "the quota has no room for it");
  co_return HttpRoom(std::move(share));
}

}  // namespace yam::service
