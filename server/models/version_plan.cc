#include "server/models/version_plan.h"

#include <algorithm>

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
