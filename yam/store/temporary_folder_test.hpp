#pragma once
// A folder of a test's own, gone with everything in it when the test ends. Tests only; paths are relative to
// it.

#include <cstdlib>
#include <filesystem>
#include <fstream>  // allowed: tests only
#include <iterator>
#include <set>
#include <string>

namespace yam::store {

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = std::filesystem::temp_directory_path() / "yam-store-XXXXXX";
    path_ = ::mkdtemp(pattern.data());
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  std::string path(const std::string& name = "") const { return name.empty() ? path_ : path_ + "/" + name; }

  void make_folder(const std::string& name) const { std::filesystem::create_directories(path(name)); }
  void put(const std::string& name, const std::string& content) const {
    std::ofstream(path(name), std::ios::binary) << content;
  }
  void link(const std::string& name, const std::string& target) const {
    std::filesystem::create_symlink(target, path(name));
  }
  std::string content(const std::string& name) const {
    std::ifstream file(path(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  std::set<std::string> names(const std::string& folder = "") const {
    std::set<std::string> all;
    for (const auto& entry : std::filesystem::directory_iterator(path(folder)))
      all.insert(entry.path().filename());
    return all;
  }

 private:
  std::string path_;
};

}  // namespace yam::store
