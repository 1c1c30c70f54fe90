#include "server/cache_folder.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <filesystem>
#include <system_error>

#include "absl/strings/str_cat.h"

namespace lamina::server {
namespace {

absl::Status Refuse(const std::string& folder, const char* what, const std::string& why) {
  return absl::FailedPreconditionError(
      absl::StrCat("cache_dir: ", folder, " ", what, " (", why,
                   "); models are compiled at each start; give a folder that the server's user may write to"));
}

}  // namespace

absl::Status PrepareCacheFolder(const std::string& folder) {
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (failed) return Refuse(folder, "cannot be made", failed.message());
  std::string trial = folder + "/.lamina-XXXXXX";
  const int file = mkstemp(trial.data());
  if (file < 0) return Refuse(folder, "cannot be written to", strerror(errno));
  close(file);
  unlink(trial.c_str());
  return absl::OkStatus();
}

}  // namespace lamina::server
