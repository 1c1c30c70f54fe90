#ifndef LAMINA_SERVER_MODELS_VERSION_PLAN_H_
#define LAMINA_SERVER_MODELS_VERSION_PLAN_H_

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "server/api/metadata.h"
#include "server/config/model_config.h"

namespace lamina::server {

/// Which of the versions on disk a policy wants served. Pure.
std::set<int64_t> ChooseVersions(const VersionPolicy& policy, const std::set<int64_t>& on_disk);

/// A sentence for each label that stands for a version which is not chosen. Pure.
std::vector<std::string> LabelWarnings(const std::map<std::string, int64_t>& labels, const std::set<int64_t>& chosen,
                                       const std::set<int64_t>& on_disk);

struct VersionAction {
  enum class Kind { kLoad, kUnload };
  Kind kind = Kind::kLoad;
  int64_t version = 0;

  bool operator==(const VersionAction&) const = default;
};

/// The one next step from what is to what is wanted, or nothing. Pure. `states` holds the versions that were ever
/// wanted; kEnd stands for one that was unloaded, or failed to load and is not to be tried again.
///
/// The newest is loaded first. A version that is no longer wanted stays until one that is wanted answers, so that a bad
/// new version does not take the model away; one that is gone from the disk goes at once.
std::optional<VersionAction> NextAction(const std::set<int64_t>& wanted, const std::set<int64_t>& on_disk,
                                        const std::map<int64_t, VersionState>& states);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_MODELS_VERSION_PLAN_H_
