#ifndef LAMINA_SERVER_EXTENSIONS_EXTENSION_STORE_H_
#define LAMINA_SERVER_EXTENSIONS_EXTENSION_STORE_H_

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "server/config/model_config.h"
#include "server/config/server_config.h"
#include "server/extensions/extension_library.h"
#include "server/threads/mutex.h"

namespace lamina::server {

/// Loads a library where it can do no harm, and says how that ended.
using TryLibrary = std::function<absl::Status(const ExtensionLibrary&, const std::string& bridge)>;

/// The extension libraries that the configuration names, each inspected and tried once, at the start. A bad one is
/// reported, and only the models that need it suffer. Thread-safe.
class ExtensionStore {
 public:
  /// REQUIRES: no other thread runs yet, if `try_library` forks.
  ExtensionStore(const ExtensionsConfig& config, const std::vector<ModelConfig>& models, const TryLibrary& try_library);

  /// What a model gets, the later ones over the earlier: native extensions, our own library unless another build of it
  /// is named, the server's libraries of layers, the model's. A library that the configuration did not name at the
  /// start is a problem of the set, which the log is told once, with what it holds.
  ExtensionSet For(const ModelConfig& model) const;

  /// All that may be loaded.
  std::vector<std::shared_ptr<const ExtensionLibrary>> Libraries() const;

 private:
  using Tried = absl::StatusOr<std::shared_ptr<const ExtensionLibrary>>;

  static Tried Open(const std::string& path, bool in_place, const std::string& bridge, const TryLibrary& try_library);
  void Add(const std::string& path, bool in_place, const TryLibrary& try_library);
  Tried Find(const std::string& path) const;
  /// Why a library that was not named at the start is not to be had.
  absl::Status TellLate(const std::string& path) const;
  /// Operators that two libraries of one model take, once a pair: `whose` names the models.
  void TellShared(const ExtensionSet& set, const std::string& whose);

  // Constant after construction.
  std::string built_in_;  // empty: not there, or switched off
  std::string bridge_;
  std::vector<std::string> for_all_;
  std::map<std::string, Tried> tried_;
  std::set<std::pair<std::string, std::string>> told_shared_;  // paths; of the constructor alone

  mutable Mutex mutex_;
  mutable std::set<std::pair<std::string, std::string>> told_late_ ABSL_GUARDED_BY(mutex_);  // path, and why
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_EXTENSIONS_EXTENSION_STORE_H_
