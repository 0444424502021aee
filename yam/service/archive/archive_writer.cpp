#include "yam/service/archive/archive_writer.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <new>

namespace yam::service {

namespace {

constexpr int archive_block_bytes = 128 * 1024;
constexpr auto zip_level = "1";  // three times as quick as zlib's 6, and a tenth larger
constexpr auto zstd_level = "3";

// A name that is not UTF-8 is a warning: the entry is written, with its bytes as they are.
bool is_fault(int code) {
  return code != ARCHIVE_OK && code != ARCHIVE_WARN;
}

}  // namespace

std::string_view media_type_of(ArchiveFormat format) {
  switch (format) {
    case ArchiveFormat::tar:
      return "application/x-tar";
    case ArchiveFormat::tar_zst:
      return "application/zstd";
    case ArchiveFormat::zip:
      break;
  }
  return "application/zip";
}

std::string_view suffix_of(ArchiveFormat format) {
  switch (format) {
    case ArchiveFormat::tar:
      return ".tar";
    case ArchiveFormat::tar_zst:
      return ".tar.zst";
    case ArchiveFormat::zip:
      break;
  }
  return ".zip";
}

void ArchiveWriter::Free::operator()(archive* writer) const {
  archive_write_free(writer);
}

void ArchiveWriter::Free::operator()(archive_entry* entry) const {
  archive_entry_free(entry);
}

ArchiveWriter::~ArchiveWriter() {
  // Closed once more where it failed: libarchive 3.6 frees some of its buffers there alone. What it would
  // still write nobody wants.
  unwanted_ = true;
  if (archive_) archive_write_close(archive_.get());
}

Result<std::unique_ptr<ArchiveWriter>> ArchiveWriter::open(ArchiveFormat format, Sink sink) {
  std::unique_ptr<ArchiveWriter> writer(new ArchiveWriter);
  writer->sink_ = std::move(sink);
  writer->archive_.reset(archive_write_new());
  writer->entry_.reset(archive_entry_new());
  if (!writer->archive_ || !writer->entry_) throw std::bad_alloc();
  if (const auto ready = writer->set_up(format); !ready) return fail(ready.error());
  return writer;
}

Result<void> ArchiveWriter::set_up(ArchiveFormat format) {
  archive* out = archive_.get();
  int code = format == ArchiveFormat::zip ? archive_write_set_format_zip(out)
                                          : archive_write_set_format_pax_restricted(out);
  if (format == ArchiveFormat::tar_zst && !is_fault(code)) code = archive_write_add_filter_zstd(out);
  if (format == ArchiveFormat::tar_zst && !is_fault(code))
    code = archive_write_set_filter_option(out, "zstd", "compression-level", zstd_level);
  if (format == ArchiveFormat::zip && !is_fault(code))
    code = archive_write_set_format_option(out, "zip", "compression-level", zip_level);
  if (!is_fault(code)) code = archive_write_set_bytes_per_block(out, archive_block_bytes);
  if (!is_fault(code)) code = archive_write_set_bytes_in_last_block(out, 1);
  const auto write = [](archive* to, void* self, const void* bytes, std::size_t size) -> la_ssize_t {
    auto& writer = *static_cast<ArchiveWriter*>(self);
    if (!writer.unwanted_ && writer.sink_({static_cast<const std::byte*>(bytes), size}))
      return static_cast<la_ssize_t>(size);
    writer.unwanted_ = true;
    archive_set_error(to, 0, "nobody wants it");
    return -1;
  };
  if (!is_fault(code)) code = archive_write_open2(out, this, nullptr, write, nullptr, nullptr);
  return checked(code);
}

Result<void> ArchiveWriter::add_folder(const ArchiveEntry& folder) {
  if (auto begun = begin(folder, AE_IFDIR, {}); !begun) return begun;
  return end_file();
}

Result<void> ArchiveWriter::begin_file(const ArchiveEntry& file, std::span<const DataRange> data) {
  return begin(file, AE_IFREG, data);
}

Result<void> ArchiveWriter::begin(const ArchiveEntry& entry, unsigned kind, std::span<const DataRange> data) {
  archive_entry* head = archive_entry_clear(entry_.get());
  const auto seconds = std::chrono::floor<std::chrono::seconds>(entry.mtime);
  const auto rest = entry.mtime - seconds;
  archive_entry_set_pathname(head, entry.name.c_str());
  archive_entry_set_filetype(head, kind);
  archive_entry_set_perm(head, static_cast<mode_t>(entry.mode));
  archive_entry_set_size(head, static_cast<la_int64_t>(entry.size));
  archive_entry_set_mtime(head, seconds.time_since_epoch().count(), static_cast<long>(rest.count()));
  for (const auto& range : data)
    archive_entry_sparse_add_entry(head, static_cast<la_int64_t>(range.offset),
                                   static_cast<la_int64_t>(range.bytes));
  return checked(archive_write_header(archive_.get(), head));
}

Result<void> ArchiveWriter::write(ByteView bytes) {
  while (!bytes.empty()) {
    const la_ssize_t taken = archive_write_data(archive_.get(), bytes.data(), bytes.size());
    if (taken < 0) return checked(ARCHIVE_FATAL);
    if (taken == 0) return {};  // beyond the size
    bytes = bytes.subspan(static_cast<std::size_t>(taken));
  }
  return {};
}

Result<void> ArchiveWriter::end_file() {
  return checked(archive_write_finish_entry(archive_.get()));
}

Result<void> ArchiveWriter::finish() {
  return checked(archive_write_close(archive_.get()));
}

Result<void> ArchiveWriter::checked(int code) const {
  if (!is_fault(code)) return {};
  if (unwanted_) return fail(Code::interrupted, "the archive is not wanted any more");
  const char* words = archive_error_string(archive_.get());
  return fail(Code::local,
              "cannot make an archive: " + std::string(words == nullptr ? "out of memory" : words));
}

}  // namespace yam::service
