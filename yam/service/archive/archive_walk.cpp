#include "yam/service/archive/archive_walk.hpp"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <sys/stat.h>
#include <utility>

#include "yam/base/text.hpp"
#include "yam/service/archive/archive_file.hpp"
#include "yam/store/folder.hpp"

namespace yam::service {

namespace {

constexpr unsigned readable_file = 0444, readable_folder = 0555, writable_by_owner = 0200;

class ArchiveWalk {
 public:
  ArchiveWalk(const store::Folder& served, const ArchiveOrder& order, ArchiveWriter& writer)
      : served_(served), order_(order), writer_(writer) {}

  Result<ArchiveReport> walk() {
    const std::string beneath = order_.folder.empty() ? "" : order_.folder + "/";
    auto top = open_level(order_.folder, beneath, order_.prefix);
    if (!top) return fail(top.error());
    const bool everything = order_.names.empty();
    if (!everything) select(*top);
    levels_.push_back(std::move(*top));
    while (!levels_.empty()) {
      if (const auto stepped = step(); !stepped) return fail(stepped.error());
    }
    return std::move(report_);
  }

 private:
  // A folder on the way down: entries that were read and not yet archived, and the reader for the others.
  struct Level {
    std::optional<store::FolderReader> reader;  // absent once it is read to its end
    std::vector<store::FolderEntry> entries;
    std::string beneath, inside;  // what comes before its names in the served folder and in the archive
  };

  Result<Level> open_level(const std::string& name, std::string beneath, std::string inside) {
    auto reader = served_.read_folder(name, SIZE_MAX);
    if (!reader) return fail(reader.error());
    return Level{std::move(*reader), {}, std::move(beneath), std::move(inside)};
  }

  // Reads the chosen entries instead of all.
  void select(Level& top) {
    std::vector<store::FolderEntry> batch;
    std::vector<std::string> wanted = order_.names;
    for (bool more = true; more && !wanted.empty();) {
      batch.clear();
      const auto read = top.reader->read(batch);
      if (!read) report_.add_fault(read.error().what);
      more = read.value_or(false);
      for (auto& entry : batch)
        if (std::erase(wanted, entry.name) > 0) top.entries.push_back(std::move(entry));
    }
    top.reader.reset();
    for (const auto& name : wanted)
      leave_out("cannot archive " + quoted(name) + ": no such file or directory");
  }

  Result<void> step() {
    Level& level = levels_.back();
    if (level.entries.empty() && level.reader) {
      const auto more = level.reader->read(level.entries);
      if (!more) leave_out(more.error().what);
      if (!more.value_or(false)) level.reader.reset();
      std::ranges::sort(level.entries, std::greater{}, &store::FolderEntry::name);  // taken from behind
    }
    if (level.entries.empty()) {
      if (!level.reader) levels_.pop_back();
      return {};
    }
    const store::FolderEntry entry = std::move(level.entries.back());
    level.entries.pop_back();
    return add(entry, level.beneath + entry.name, level.inside + entry.name);
  }

  Result<void> add(const store::FolderEntry& entry, const std::string& name, const std::string& inside) {
    if (entry.kind == store::EntryKind::file) return add_file(name, inside);
    if (entry.kind == store::EntryKind::folder && !entry.is_link) return add_folder(entry, name, inside);
    leave_out("left out " + quoted(name) + ": " + (entry.is_link ? "a link to a folder" : "not a file"));
    return {};
  }

  Result<void> add_folder(const store::FolderEntry& entry, const std::string& name,
                          const std::string& inside) {
    if (levels_.size() == archive_depth_max) {
      leave_out("left out " + quoted(name) + ": too deep");
      return {};
    }
    auto level = open_level(name, name + "/", inside + "/");
    if (!level) {
      leave_out(level.error().what);
      return {};
    }
    levels_.push_back(std::move(*level));
    ++report_.folders;
    return writer_.add_folder({inside, 0, entry.mtime, readable_folder | writable_by_owner});
  }

  Result<void> add_file(const std::string& name, const std::string& inside) {
    const auto file = served_.open_file(name);
    if (!file) {
      leave_out(file.error().what);
      return {};
    }
    struct stat status{};
    const bool runs = ::fstat(file->fd.get(), &status) == 0 && (status.st_mode & S_IXUSR) != 0;
    const unsigned mode = (runs ? readable_folder : readable_file) | writable_by_owner;
    const auto end = archive_file(*file, {inside, file->size, file->mtime, mode}, writer_);
    if (!end) return fail(end.error());
    ++report_.files;
    if (*end == FileEnd::as_announced) return {};
    ++report_.altered;
    const bool grew = *end == FileEnd::grew;
    report_.add_fault(quoted(name) + (grew ? " grew while it was archived: what came later is missing"
                                           : " shrank while it was archived, or could not be read on"));
    return {};
  }

  void leave_out(std::string words) {
    ++report_.left_out;
    report_.add_fault(std::move(words));
  }

  const store::Folder& served_;
  const ArchiveOrder& order_;
  ArchiveWriter& writer_;
  std::vector<Level> levels_;
  ArchiveReport report_;
};

}  // namespace

Result<ArchiveReport> archive_folder(const store::Folder& served, const ArchiveOrder& order,
                                     ArchiveWriter& writer) {
  auto report = ArchiveWalk(served, order, writer).walk();
  if (!report) return report;
  if (const auto finished = writer.finish(); !finished) return fail(finished.error());
  return report;
}

}  // namespace yam::service
