#ifndef LAMINA_SERVER_MODELS_MODEL_TABLE_H_
#define LAMINA_SERVER_MODELS_MODEL_TABLE_H_

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "server/api/infer_request.h"
#include "server/api/repository.h"
#include "server/models/servable_not_found.h"
#include "server/models/served_model.h"
#include "server/threads/mutex.h"

namespace lamina::server {

/// The models that are served, by name, and those that were and go on until their last request is done. Thread-safe.
///
/// A model is destroyed by the thread that changes the table, never by one that looks something up in it: to destroy
/// one waits for its requests, and who looks up may be one of them.
class ModelTable {
 public:
  /// Calls `use` with the model of this name, which must be quick and keep nothing of it; or NOT_FOUND.
  template <typename Use>
  auto With(std::string_view name, const VersionSelector& version, Use&& use) const
      -> decltype(use(std::declval<const ServedModel&>())) {
    MutexLock lock(mutex_);
    const auto row = rows_.find(name);
    if (row == rows_.end()) return absl::NotFoundError(ServableNotFound(name, version.version));
    return use(std::as_const(*row->second.served));
  }

  /// The statuses of a model's versions, also of one that was removed.
  absl::StatusOr<std::vector<VersionStatus>> Status(std::string_view name,
                                                    const std::optional<VersionSelector>& version) const;
  std::vector<IndexEntry> Index() const;
  std::vector<std::string> Names() const;

  struct NamedVersion {
    std::string model;
    ServedModel::VersionView view;
  };
  /// The versions of all models but those that were removed, by name and number.
  std::vector<NamedVersion> Versions() const;

  bool Contains(const std::string& name) const;
  /// It was removed, and is remembered.
  bool Removed(const std::string& name) const;

  // For the thread that changes the table, and for those that are no request's.

  std::map<std::string, ModelConfig> Configs() const;
  std::vector<std::shared_ptr<ServedModel>> Served() const;
  std::shared_ptr<ServedModel> Find(const std::string& name) const;

  /// Adds a model, or puts it in the place of the one of its name, which is stopped.
  void Put(const ModelConfig& config, std::shared_ptr<ServedModel> served);
  /// Gives the model of this name another policy and other labels.
  void Settle(const ModelConfig& config);
  /// Stops a model. It stays in the index.
  void Remove(const std::string& name);
  /// Destroys what was replaced and has ended since.
  void DestroyEnded();

 private:
  struct Row {
    ModelConfig config;
    std::shared_ptr<ServedModel> served;
  };

  mutable Mutex mutex_;
  std::map<std::string, Row, std::less<>> rows_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, std::shared_ptr<ServedModel>, std::less<>> removed_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::shared_ptr<ServedModel>> replaced_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_MODELS_MODEL_TABLE_H_
