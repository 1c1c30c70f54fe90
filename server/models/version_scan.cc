#include "server/models/version_scan.h"

#include <set>
#include <string>
#include <system_error>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/engine/model_file.h"

namespace lamina::server {
namespace {

namespace fs = std::filesystem;

void AddTo(std::set<std::string>& lines, const fs::path& file) {
  std::error_code ignored;
  const auto size = fs::file_size(file, ignored);
  const auto time = fs::last_write_time(file, ignored).time_since_epoch().count();
  lines.insert(absl::StrCat(file.string(), " ", size, " ", time));
}

std::string Fingerprint(const fs::path& path) {
  std::set<std::string> lines;  // a folder's order is not its files'
  std::error_code failed;
  if (fs::is_regular_file(path, failed)) AddTo(lines, path);
  for (fs::recursive_directory_iterator it(path, failed), end; !failed && it != end; it.increment(failed)) {
    std::error_code ignored;
    if (it->is_regular_file(ignored)) AddTo(lines, it->path());
  }
  std::string text;
  for (const std::string& line : lines) absl::StrAppend(&text, line, "\n");
  return text;
}

FoundVersion Found(const fs::path& path) { return {path, Fingerprint(path)}; }

bool IsRemote(const std::string& path) { return path.find("://") != std::string::npos; }

}  // namespace

absl::StatusOr<std::map<int64_t, FoundVersion>> FindVersions(const fs::path& base_path) {
  if (IsRemote(base_path.string())) {
    return absl::UnimplementedError(absl::StrCat(
        base_path.string(), " is on remote storage, which this server does not read; mount it as a folder"));
  }
  std::map<int64_t, FoundVersion> versions;
  std::vector<std::string> no_versions;  // folders called by numbers that versions do not have
  std::error_code failed;
  const fs::file_status status = fs::status(base_path, failed);
  if (!fs::exists(status))
    return absl::NotFoundError(absl::StrCat("there is no ", base_path.string(), "; correct the path"));
  if (fs::is_directory(status)) {
    for (fs::directory_iterator it(base_path, failed), end; !failed && it != end; it.increment(failed)) {
      const std::string name = it->path().filename().string();
      if (const auto number = VersionOfFolder(it->path())) {
        versions.insert_or_assign(*number, Found(it->path()));
      } else if (std::error_code ignored;
                 it->is_directory(ignored) && name.find_first_not_of("0123456789") == std::string::npos) {
        no_versions.push_back(name);
      }
    }
    if (failed)
      return absl::PermissionDeniedError(absl::StrCat("cannot read ", base_path.string(), ": ", failed.message()));
  }
  if (!versions.empty()) return versions;
  if (const auto model = FindModelFile(base_path); !model.ok()) {
    return absl::Status(
        model.status().code(),
        absl::StrCat(model.status().message(), ", or folders called 1, 2, ... with a version each",
                     no_versions.empty() ? "" : "; no number of a version is ", absl::StrJoin(no_versions, ", ")));
  }
  versions[1] = Found(base_path);
  return versions;
}

}  // namespace lamina::server
