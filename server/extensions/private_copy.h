#ifndef LAMINA_SERVER_EXTENSIONS_PRIVATE_COPY_H_
#define LAMINA_SERVER_EXTENSIONS_PRIVATE_COPY_H_

#include <filesystem>
#include <memory>

namespace lamina::server {

/// A copy of a library under a path that was never used before, in a temporary folder with links to the libraries
/// beside the original, which it may look for beside itself ($ORIGIN). The dynamic loader takes one path for one
/// library as long as the process lives: under its own path a replaced file would give the old code. Goes with its
/// owner.
class PrivateCopy {
 public:
  /// Null when there is no place for one: no temporary folder, none that programs may be run from, no space.
  static std::shared_ptr<const PrivateCopy> Of(const std::filesystem::path& library);

  ~PrivateCopy();
  PrivateCopy(const PrivateCopy&) = delete;
  PrivateCopy& operator=(const PrivateCopy&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  explicit PrivateCopy(std::filesystem::path folder) : folder_(std::move(folder)) {}

  std::filesystem::path folder_, path_;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_EXTENSIONS_PRIVATE_COPY_H_
