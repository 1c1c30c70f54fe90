#ifndef LAMINA_SERVER_EXTENSIONS_EXTENSION_LIBRARY_H_
#define LAMINA_SERVER_EXTENSIONS_EXTENSION_LIBRARY_H_

#include <memory>
#include <string>
#include <vector>

#include "sdk/loader/manifest.h"
#include "server/extensions/private_copy.h"

namespace lamina::server {

/// An extension library that was inspected and tried, and may be loaded. Immutable and shared by the models that use
/// it.
struct ExtensionLibrary {
  /// Where it was found; the name in messages.
  std::string path;
  /// What to load: the copy, if there is one.
  std::string loadable_path;
  loader::Manifest manifest;
  /// Null: it is loaded as it lies.
  std::shared_ptr<const PrivateCopy> copy;
};

/// The libraries of one model.
struct ExtensionSet {
  std::vector<std::shared_ptr<const ExtensionLibrary>> libraries;
  /// The library with the bridge, which brings libraries of layers to the engine; empty when it is not there.
  std::string bridge;
  /// Why some libraries are missing, one sentence each.
  std::vector<std::string> problems;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_EXTENSIONS_EXTENSION_LIBRARY_H_
