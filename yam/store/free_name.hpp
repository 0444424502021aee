#pragma once
// Renames only to a name that is free, in one step.

#include <string>

namespace yam::store {

// 0, or an errno value: EEXIST when `to` is taken. Both names are the last part of a path, each in the
// directory before it. Some file systems (NFS, old FUSE) cannot rename so: there a file gets a hard link
// first, which fails when the name is taken; a directory gets EINVAL.
int rename_to_free_name(int from_folder, const std::string& from, int to_folder, const std::string& to);

}  // namespace yam::store
