#include "yam/service/http_send/send_items.hpp"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <map>
#include <string_view>
#include <sys/stat.h>
#include <utility>

#include "yam/base/path.hpp"
#include "yam/base/text.hpp"
#include "yam/service/http_server/http_path.hpp"
#include "yam/store/folder_name.hpp"

namespace yam::service {

namespace {

constexpr std::string_view name_of_stdin = "stdin", name_of_the_top = "files";

std::unexpected<Error> cannot_send(const std::string& path, int error) {
  Error fault = fail_os("cannot send " + quoted(path), error).error();
  fault.code = Code::local;
  return fail(std::move(fault));
}

// Without links, "." and "..".
Result<std::string> real_path(const std::string& path) {
  std::string real(PATH_MAX, '\0');
  if (::realpath(path.c_str(), real.data()) == nullptr) return cannot_send(path, errno);
  real.resize(real.find('\0'));
  return real;
}

// What a person who typed `path` would call it.
std::string name_of(std::string_view path, std::string_view real) {
  while (path.size() > 1 && path.ends_with('/'))
    path.remove_suffix(1);
  std::string_view name = last_part(path);
  if (name.empty() || name == "." || name == "..") name = last_part(real);
  return std::string(name.empty() ? name_of_the_top : name);
}

class ItemOpener {
 public:
  Result<> open(const std::string& path) {
    const auto real = real_path(path);
    if (!real) return fail(real.error());
    struct stat status{};
    if (::stat(real->c_str(), &status) != 0) return cannot_send(path, errno);
    SendItem item;
    item.name = name_of(path, *real);
    if (!S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode))
      return fail(Code::usage, "cannot send " + quoted(path) + ": it is neither a file nor a folder",
                  "`yam send -` sends what stdin gives");
    const auto opened = S_ISDIR(status.st_mode) ? open_folder(*real, item) : open_file(*real, item);
    if (opened) sent_.items.push_back(std::move(item));
    return opened;
  }

  SendItems take() { return std::move(sent_); }

 private:
  Result<> open_file(const std::string& real, SendItem& item) {
    const std::size_t slash = real.rfind('/');
    auto root = folder_at(real.substr(0, std::max<std::size_t>(slash, 1)));
    if (!root) return fail(root.error());
    item.root = std::move(*root);
    item.inner = real.substr(slash + 1);
    const auto file = item.root->open_file(item.inner);
    if (!file) return fail(file.error());
    item.bytes = file->size;
    item.mtime = file->mtime;
    return {};
  }

  Result<> open_folder(const std::string& real, SendItem& item) {
    item.kind = SendItem::Kind::folder;
    auto root = folder_at(real);
    if (!root) return fail(root.error());
    item.root = std::move(*root);
    item.mtime = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    std::vector<std::string> left{""};
    while (!left.empty()) {
      const std::string beneath = std::move(left.back());
      left.pop_back();
      if (const auto walked = walk(item, beneath, left); !walked && walked.error().code == Code::refused)
        return walked;
      else if (!walked)
        sent_.left_out.push_back(walked.error());
    }
    std::ranges::sort(item.files);
    return {};
  }

  // One directory; `beneath` is "a/b/" or empty. Code::refused when there are too many files.
  Result<> walk(SendItem& item, const std::string& beneath, std::vector<std::string>& left) {
    const std::string_view folder =
        std::string_view(beneath).substr(0, beneath.empty() ? 0 : beneath.size() - 1);
    auto reader = item.root->read_folder(folder, SIZE_MAX);
    if (!reader) return fail(Code::local, reader.error().what);
    for (bool more = true; more;) {
      std::vector<store::FolderEntry> entries;
      const auto read = reader->read(entries);
      if (!read) return fail(read.error());
      more = *read;
      for (const store::FolderEntry& entry : entries) {
        if (entry.kind == store::EntryKind::folder && !entry.is_link)
          left.push_back(beneath + entry.name + '/');
        if (entry.kind == store::EntryKind::file) add_file(item, beneath + entry.name);
        if (files_ + left.size() > send_files_max)
          return fail(Code::refused,
                      "more than " + std::to_string(send_files_max) + " files in " + quoted(item.name),
                      "tar c FOLDER | yam send - --name FOLDER.tar");
      }
    }
    return {};
  }

  void add_file(SendItem& item, std::string name) {
    const auto file = item.root->open_file(name);
    if (!file) {
      sent_.left_out.push_back(file.error());
      return;
    }
    item.bytes += file->size;
    item.files.push_back(std::move(name));
    ++files_;
  }

  Result<std::shared_ptr<const store::Folder>> folder_at(const std::string& path) {
    auto& known = folders_[path];
    if (!known) {
      auto folder = store::Folder::open(path);
      if (!folder) return fail(Code::local, folder.error().what);
      known = std::make_shared<const store::Folder>(std::move(*folder));
    }
    return known;
  }

  SendItems sent_;
  std::size_t files_ = 0;
  std::map<std::string, std::shared_ptr<const store::Folder>> folders_;
};

Result<> check_names(const std::vector<SendItem>& items) {
  std::vector<std::string_view> names;
  for (const SendItem& item : items) {
    if (auto good = store::check_existing_name(item.name); !good) return good;
    if (std::string_view(http_own_prefix).substr(1) == item.name + '/')
      return fail(Code::usage, "the name " + quoted(item.name) + " means something else here",
                  "--name calls it otherwise");
    names.push_back(item.name);
  }
  std::ranges::sort(names);
  const auto twice = std::ranges::adjacent_find(names);
  if (twice == names.end()) return {};
  return fail(Code::usage, "two of them are called " + quoted(*twice),
              "send the folder that they are in, or one after the other");
}

}  // namespace

Result<SendItems> open_send_items(const std::vector<std::string>& paths, const std::string& name) {
  if (!name.empty()) {
    if (paths.size() > 1) return fail(Code::usage, "--name is for one file or folder");
    if (auto good = store::check_name(name); !good) return fail(good.error());
    if (name.contains('/')) return fail(Code::usage, "file name " + quoted(name) + ": it has a '/'");
  }
  if (paths.size() > send_items_max)
    return fail(Code::refused, "more than " + std::to_string(send_items_max) + " files and folders",
                "send the folder that they are in");
  SendItems sent;
  if (std::ranges::find(paths, send_stdin) != paths.end()) {
    if (paths.size() > 1) return fail(Code::usage, "stdin cannot be sent together with files");
    SendItem item;
    item.kind = SendItem::Kind::stream;
    item.name = name_of_stdin;
    sent.items.push_back(std::move(item));
  } else {
    ItemOpener opener;
    for (const std::string& path : paths)
      if (auto opened = opener.open(path); !opened) return fail(opened.error());
    sent = opener.take();
  }
  if (!name.empty()) sent.items.front().name = name;
  if (auto good = check_names(sent.items); !good) return fail(good.error());
  return sent;
}

}  // namespace yam::service
