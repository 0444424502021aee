#include "yam/store/upload/upload_store.hpp"

#include <algorithm>
#include <cerrno>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>
#include <vector>

#include "yam/base/text.hpp"

namespace yam::store {

namespace {

constexpr mode_t record_mode = 0600;
constexpr std::string_view record_suffix = ".upload";
constexpr std::string_view data_suffix = ".data";  // of a part, which lies with the records

constexpr std::string_view finished_folder = "finished";

std::string record_name(const UploadId& id) {
  return id.digits + std::string(record_suffix);
}
std::string finished_name(const UploadId& id) {
  return std::string(finished_folder) + "/" + record_name(id);
}

std::unexpected<Error> fail_unknown() {
  return fail(Code::not_found, "there is no such upload");
}

Result<std::uint64_t> size_of(const NewFile& file) {
  struct stat status{};
  if (::fstat(file.fd(), &status) != 0) return fail_os("cannot look at an upload", errno);
  return static_cast<std::uint64_t>(status.st_size);
}

}  // namespace

Result<UploadId> UploadStore::create(const UploadRecord& record) const {
  const auto shelf = served_.make_own();
  if (!shelf) return fail(shelf.error());
  if (const auto room = check_room(); !room) return fail(room.error());
  UploadId id = UploadId::draw();
  const NewFileOptions options{.if_exists = record.if_exists, .sync = sync_};
  auto file = record.name.empty() ? shelf->create_file(id.digits + std::string(data_suffix))
                                  : served_.create_file(record.name, options, id.digits);
  if (!file) return fail(file.error());
  if (const auto noted = note(id, record); !noted) {
    static_cast<void>(file->discard());  // the first fault is the one to report
    return fail(noted.error());
  }
  return id;
}

Result<UploadState> UploadStore::look(const UploadId& id) const {
  auto record = read_record(id);
  if (!record) return fail(record.error());
  UploadState state{std::move(*record), 0};
  if (!state.record.finished_name.empty()) {
    state.offset = state.record.length.value_or(0);
    return state;
  }
  const auto file = resume(id, state.record);
  if (!file && file.error().code == Code::not_found && has_its_name(state.record)) {
    state.record.finished_name = state.record.name;
    state.offset = state.record.length.value_or(0);
    return state;
  }
  if (!file) return file.error().code == Code::not_found ? fail_unknown() : fail(file.error());
  const auto size = size_of(*file);
  if (!size) return fail(size.error());
  state.offset = std::min(*size, state.record.proven.value_or(*size));
  return state;
}

Result<std::optional<OpenUpload>> UploadStore::open(const UploadId& id) const {
  auto record = read_record(id);
  if (!record) return fail(record.error());
  if (!record->finished_name.empty()) return std::nullopt;
  auto file = resume(id, *record);
  if (!file) return file.error().code == Code::not_found ? fail_unknown() : fail(file.error());
  // The kernel lets go of it with the last descriptor, kill -9 or not.
  if (::flock(file->fd(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) return std::nullopt;
    return fail_os("cannot lock an upload", errno);
  }
  // Who had it before may have finished it, or noted more, since the record was read.
  record = read_record(id);
  if (!record) return fail(record.error());
  if (!record->finished_name.empty()) return std::nullopt;
  const auto size = size_of(*file);
  if (!size) return fail(size.error());
  const std::uint64_t offset = std::min(*size, record->proven.value_or(*size));
  const auto at = static_cast<off_t>(offset);
  if ((offset < *size && ::ftruncate(file->fd(), at) != 0) || ::lseek(file->fd(), at, SEEK_SET) != at)
    return fail_os("cannot go on with an upload", errno);
  return OpenUpload{std::move(*record), offset, std::move(*file)};
}

Result<void> UploadStore::note(const UploadId& id, const UploadRecord& record) const {
  const auto shelf = served_.open_own();
  if (!shelf) return fail(shelf.error());
  // Without waiting for the disk: after a power cut an upload may have to begin anew, as its bytes may be
  // lost.
  const NewFileOptions options{.if_exists = IfExists::replace, .sync = false, .mode = record_mode};
  const bool is_finished = !record.finished_name.empty();
  if (is_finished)
    if (const auto made = shelf->make_folder(finished_folder); !made) return fail(made.error());
  auto file = shelf->create_file(is_finished ? finished_name(id) : record_name(id), options);
  if (!file) return fail(file.error());
  auto written = file->write(bytes_of(write_record(record)));
  if (written)
    if (const auto committed = file->commit(); !committed) written = fail(committed.error());
  if (!written) static_cast<void>(file->discard());
  // Killed before this, the file of that name tells the same (has_its_name).
  if (written && is_finished) static_cast<void>(shelf->remove_file(record_name(id)));
  return written;
}

Result<void> UploadStore::remove(const UploadId& id) const {
  const auto record = read_record(id);
  if (record && record->finished_name.empty()) {
    auto file = resume(id, *record);
    if (!file && file.error().code != Code::not_found) return fail(file.error());
    if (file)
      if (const auto discarded = file->discard(); !discarded) return discarded;
  }
  const auto shelf = served_.open_own();
  if (!shelf) return shelf.error().code == Code::not_found ? Result<void>() : fail(shelf.error());
  for (const std::string& name : {record_name(id), finished_name(id)})
    if (const auto removed = shelf->remove_file(name); !removed && removed.error().code != Code::not_found)
      return removed;
  return {};
}

Held UploadStore::held() const {
  Held held;
  for (const UploadId& id : ids(Shelf::unfinished))
    if (const auto state = look(id); state && state->record.finished_name.empty()) held += {state->offset, 1};
  return held;
}

std::size_t UploadStore::remove_expired(std::chrono::sys_seconds now) const {
  std::size_t count = 0;
  for (const Shelf shelf : {Shelf::unfinished, Shelf::finished})
    for (const UploadId& id : ids(shelf)) {
      const auto record = read_record(id);
      if (!record || record->expires >= now) continue;
      const auto opened = open(id);
      const bool in_use = opened && !*opened && record->finished_name.empty();
      if (!in_use && remove(id)) ++count;
    }
  return count;
}

std::vector<UploadId> UploadStore::ids(Shelf which) const {
  const auto shelf = served_.open_own();
  auto reader =
      shelf ? shelf->read_folder(which == Shelf::finished ? finished_folder : "") : fail(shelf.error());
  std::vector<FolderEntry> entries;
  while (reader && reader->read(entries).value_or(false)) {
  }
  std::vector<UploadId> all;
  for (const FolderEntry& entry : entries) {
    if (!entry.name.ends_with(record_suffix)) continue;
    const std::string_view name = entry.name;
    if (auto id = UploadId::parse(name.substr(0, name.size() - record_suffix.size())))
      all.push_back(std::move(*id));
  }
  return all;
}

Result<UploadRecord> UploadStore::read_record(const UploadId& id) const {
  const auto shelf = served_.open_own();
  if (!shelf) return fail(shelf.error());
  auto file = shelf->open_file(record_name(id));
  if (!file && file.error().code == Code::not_found) file = shelf->open_file(finished_name(id));
  if (!file) return file.error().code == Code::not_found ? fail_unknown() : fail(file.error());
  if (file->size > record_bytes_max) return fail_unknown();
  std::string text(static_cast<std::size_t>(file->size), '\0');
  const ssize_t count = ::pread(file->fd.get(), text.data(), text.size(), 0);
  if (count < 0) return fail_os("cannot read what is known of an upload", errno);
  text.resize(static_cast<std::size_t>(count));
  auto record = parse_record(text);
  if (!record) return fail_unknown();
  return std::move(*record);
}

// Killed between the last two steps: what it holds was noted, and it lies under its name.
bool UploadStore::has_its_name(const UploadRecord& record) const {
  if (record.sha256.empty() || record.name.empty()) return false;
  const auto file = served_.open_file(record.name);
  return file && file->size == record.length;
}

Result<NewFile> UploadStore::resume(const UploadId& id, const UploadRecord& record) const {
  const NewFileOptions options{.if_exists = record.if_exists, .sync = sync_};
  if (!record.name.empty()) return served_.resume_file(record.name, options, id.digits);
  const auto shelf = served_.open_own();
  if (!shelf) return fail(shelf.error());
  return shelf->resume_file(id.digits + std::string(data_suffix), options, "");
}

Result<void> UploadStore::check_room() const {
  if (ids(Shelf::unfinished).size() < uploads_max) return {};
  return fail(Code::timeout, "there are " + std::to_string(uploads_max) + " unfinished uploads already");
}

}  // namespace yam::store
