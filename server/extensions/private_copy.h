#ifndef LAMINA_SERVER_EXTENSIONS_PRIVATE_COPY_H_
#define LAMINA_SERVER_EXTENSIONS_PRIVATE_COPY_H_

#include <memory>
#include <string>

namespace lamina::server {

/// A copy of a library in memory: what was tried is what is loaded, whatever happens to the file, and nothing is left
/// on disk, whatever happens to the process. Its path is good for this process and for children that keep descriptor().
/// Goes with its owner. Immutable.
class PrivateCopy {
 public:
  /// Null when there can be none: the file cannot be read, no memory, no /proc.
  static std::shared_ptr<const PrivateCopy> Of(const std::string& library);

  ~PrivateCopy();
  PrivateCopy(const PrivateCopy&) = delete;
  PrivateCopy& operator=(const PrivateCopy&) = delete;

  const std::string& path() const { return path_; }
  int descriptor() const { return descriptor_; }

 private:
  explicit PrivateCopy(int descriptor);

  const int descriptor_;
  const std::string path_;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_EXTENSIONS_PRIVATE_COPY_H_
