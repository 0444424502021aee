#include "yam/service/commit.hpp"

#include <functional>
#include <memory>
#include <utility>

#include "yam/net/loop/elsewhere.hpp"
#include "yam/store/new_file.hpp"

namespace yam::service {

net::Task<Result<std::string>> commit_elsewhere(net::Loop& loop, store::NewFile file,
                                                Uncommitted uncommitted) {
  auto owned = std::make_shared<store::NewFile>(std::move(file));  // with the thread
  std::move_only_function<Result<std::string>()> work = [owned, uncommitted] {
    auto name = owned->commit();
    if (!name && uncommitted == Uncommitted::discard) static_cast<void>(owned->discard());
    return name;
  };
  net::Elsewhere<std::string> committing(loop);
  if (auto begun = committing.begin(std::move(work)); !begun) {
    if (uncommitted == Uncommitted::discard) static_cast<void>(owned->discard());
    co_return fail(begun.error());
  }
  co_await committing.wait();
  co_return committing.take();
}

}  // namespace yam::service
