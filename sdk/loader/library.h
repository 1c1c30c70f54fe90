// Library: a library of layers, checked and loaded.
#ifndef LAMINA_SDK_LOADER_LIBRARY_H_
#define LAMINA_SDK_LOADER_LIBRARY_H_

#include <memory>
#include <string>

#include "lamina/abi.h"
#include "sdk/loader/manifest.h"

namespace lamina::loader {

/// Stays loaded while a Library lives; hold it as long as any of its layers, or their states, are in use.
class Library {
 public:
  /// Reads the manifest, checks ABI and instruction set, then loads. A file replaced since it was first loaded under
  /// this path gives the old code while that is in use. Throws LoadError; see Load for start-up code that throws.
  static std::shared_ptr<const Library> Open(const std::string& path);

  ~Library();
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;

  const Manifest& manifest() const { return manifest_; }
  /// The exported table; null for a library that is only a native OpenVINO extension.
  const lamina_library_table* table() const { return table_; }
  /// An exported symbol, or null.
  void* Symbol(const char* name) const;

 private:
  Library() = default;

  Manifest manifest_;
  void* handle_ = nullptr;
  const lamina_library_table* table_ = nullptr;
};

}  // namespace lamina::loader

#endif  // LAMINA_SDK_LOADER_LIBRARY_H_
