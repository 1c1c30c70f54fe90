#include "server/extensions/needed_libraries.h"

#include <filesystem>
#include <system_error>

#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"

namespace lamina::server {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> FoldersFrom(const std::string& origin, const std::string& run_path) {
  std::vector<fs::path> folders;
  for (const std::string& entry : std::vector<std::string>(absl::StrSplit(run_path, ':', absl::SkipEmpty()))) {
    const std::string folder = absl::StrReplaceAll(entry, {{"$ORIGIN", origin}, {"${ORIGIN}", origin}});
    if (folder != entry) folders.emplace_back(folder);
  }
  return folders;
}

}  // namespace

std::vector<std::string> NeededFromItsFolder(const std::string& path, const loader::Manifest& manifest) {
  std::vector<std::string> found;
  std::error_code failed;
  const fs::path original = fs::canonical(path, failed);
  if (failed) return found;
  const std::vector<fs::path> folders = FoldersFrom(original.parent_path().string(), manifest.run_path);
  for (const std::string& name : manifest.needed) {
    for (const fs::path& folder : folders) {
      if (!fs::is_regular_file(folder / name, failed)) continue;
      found.push_back((folder / name).string());
      break;
    }
  }
  return found;
}

}  // namespace lamina::server
