#include "server/models/version_plan.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace lamina::server {

std::set<int64_t> ChooseVersions(const VersionPolicy& policy, const std::set<int64_t>& on_disk) {
  std::set<int64_t> chosen;
  switch (policy.kind) {
    case VersionPolicy::Kind::kAll:
      return on_disk;
    case VersionPolicy::Kind::kLatest:
      for (auto it = on_disk.rbegin();
           it != on_disk.rend() && static_cast<int64_t>(chosen.size()) < policy.num_versions; ++it) {
        chosen.insert(*it);
      }
      return chosen;
    case VersionPolicy::Kind::kSpecific:
      for (const int64_t version : policy.versions) {
        if (on_disk.count(version)) chosen.insert(version);
      }
      return chosen;
  }
  return chosen;
}

std::vector<std::string> LabelWarnings(const std::map<std::string, int64_t>& labels, const std::set<int64_t>& chosen,
                                       const std::set<int64_t>& on_disk) {
  std::vector<std::string> warnings;
  for (const auto& [label, version] : labels) {
    if (chosen.count(version)) continue;
    warnings.push_back(absl::StrCat("the label '", label, "' stands for version ", version,
                                    ", which is not served: there are ", absl::StrJoin(on_disk, ", "),
                                    ", of which model_version_policy chooses ", absl::StrJoin(chosen, ", "),
                                    "; add that version and have it chosen, or correct version_labels"));
  }
  return warnings;
}

std::optional<VersionAction> NextAction(const std::set<int64_t>& wanted, const std::set<int64_t>& on_disk,
                                        const std::map<int64_t, VersionState>& states) {
  for (auto it = wanted.rbegin(); it != wanted.rend(); ++it) {
    const auto state = states.find(*it);
    if (state == states.end() || state->second == VersionState::kStart)
      return VersionAction{VersionAction::Kind::kLoad, *it};
  }
  const bool answers = std::any_of(wanted.begin(), wanted.end(),
                                   [&](int64_t version) { return states.at(version) == VersionState::kAvailable; });
  for (const auto& [version, state] : states) {
    if (state != VersionState::kAvailable || wanted.count(version)) continue;
    if (answers || !on_disk.count(version)) return VersionAction{VersionAction::Kind::kUnload, version};
  }
  return std::nullopt;
}

}  // namespace lamina::server
