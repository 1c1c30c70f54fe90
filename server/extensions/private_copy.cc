#include "server/extensions/private_copy.h"

#include <stdlib.h>
#include <sys/statvfs.h>

#include <string>
#include <system_error>

namespace lamina::server {
namespace {

namespace fs = std::filesystem;

bool MayRunFrom(const fs::path& folder) {
  struct statvfs status;
  return statvfs(folder.c_str(), &status) == 0 && (status.f_flag & ST_NOEXEC) == 0;
}

void LinkNeighbours(const fs::path& library, const fs::path& folder) {
  std::error_code failed;
  for (fs::directory_iterator it(library.parent_path(), failed), end; !failed && it != end; it.increment(failed)) {
    const fs::path name = it->path().filename();
    std::error_code ignored;
    if (name == library.filename() || name.string().find(".so") == std::string::npos) continue;
    fs::create_symlink(it->path(), folder / name, ignored);
  }
}

}  // namespace

std::shared_ptr<const PrivateCopy> PrivateCopy::Of(const fs::path& library) {
  std::error_code failed;
  const fs::path original = fs::canonical(library, failed);
  const fs::path temporary = fs::temp_directory_path(failed);
  std::string folder = (temporary / "lamina-extension.XXXXXX").string();
  if (failed || !MayRunFrom(temporary) || mkdtemp(folder.data()) == nullptr) return nullptr;
  std::shared_ptr<PrivateCopy> copy(new PrivateCopy(folder));
  copy->path_ = copy->folder_ / original.filename();
  if (!fs::copy_file(original, copy->path_, failed) || failed) return nullptr;
  LinkNeighbours(original, copy->folder_);
  return copy;
}

PrivateCopy::~PrivateCopy() {
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

}  // namespace lamina::server
