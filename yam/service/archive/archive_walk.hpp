#pragma once
// Puts a folder, or some of its entries, into an archive: what FolderReader shows, so neither unfinished
// uploads nor what lies outside. A link to a file becomes that file; a link to a folder is left out, since
// such links may lead round in circles. Owners are not told. A folder's entries are read and sorted
// store::entries_per_read at a time, which is what a folder on the way down takes of the memory.

#include "yam/base/result.hpp"
#include "yam/service/archive/archive_order.hpp"
#include "yam/service/archive/archive_writer.hpp"

namespace yam::store {
class Folder;
}

namespace yam::service {

// All of it, on the thread that calls. A file that cannot be read is left out and reported. Code::not_found
// and the like when the folder itself cannot be, else as ArchiveWriter.
Result<ArchiveReport> archive_folder(const store::Folder& served, const ArchiveOrder& order,
                                     ArchiveWriter& writer);

}  // namespace yam::service
