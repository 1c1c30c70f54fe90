// MappedFile: a file's bytes, mapped into memory for reading. Not changed after construction.
#ifndef LAMINA_PREPARE_MAPPED_FILE_H_
#define LAMINA_PREPARE_MAPPED_FILE_H_

#include <filesystem>
#include <memory>
#include <string_view>

#include "absl/status/statusor.h"

namespace lamina::prepare {

class MappedFile {
 public:
  /// Fails with NotFound or InvalidArgument and a sentence that names the path.
  static absl::StatusOr<std::shared_ptr<const MappedFile>> Open(const std::filesystem::path& path);

  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  std::string_view bytes() const { return bytes_; }

 private:
  MappedFile() = default;

  std::string_view bytes_;
};

}  // namespace lamina::prepare

#endif  // LAMINA_PREPARE_MAPPED_FILE_H_
