#include "yam/service/http_site/http_small_files.hpp"

#include <unistd.h>
#include <utility>

namespace yam::service {

const HttpSmallFiles::Kept* HttpSmallFiles::find(const store::Folder& folder, std::string_view name) {
  const auto at = kept_.find(name);
  if (at == kept_.end()) return nullptr;
  if (folder.look(at->first) == at->second.status) return &at->second;
  kept_.erase(at);
  return nullptr;
}

void HttpSmallFiles::note(std::string_view name, const store::OpenedFile& file,
                          std::chrono::system_clock::time_point now) {
  if (file.size > file_bytes_max || !is_asked_again(name)) return;
  if (now - file.changed < settling) return;
  std::string content(static_cast<std::size_t>(file.size), '\0');
  const ssize_t count = ::pread(file.fd.get(), content.data(), content.size(), 0);
  if (count != static_cast<ssize_t>(content.size())) return;
  if (kept_.size() >= files_max) kept_.clear();
  Kept kept;
  kept.status = file;
  kept.content = std::make_shared<const std::string>(std::move(content));
  kept_.insert_or_assign(std::string(name), std::move(kept));
}

bool HttpSmallFiles::is_asked_again(std::string_view name) {
  const std::size_t hash = Hash()(name);
  const auto mark = static_cast<std::uint32_t>(hash >> 32 | 1);
  return std::exchange(asked_[hash % asked_.size()], mark) == mark;
}

}  // namespace yam::service
