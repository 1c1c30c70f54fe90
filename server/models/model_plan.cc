#include "server/models/model_plan.h"

namespace lamina::server {
namespace {

using Kind = ModelAction::Kind;

bool CanSettle(ModelConfig current, const ModelConfig& wanted) {
  current.version_policy = wanted.version_policy;
  current.version_labels = wanted.version_labels;
  return current == wanted;
}

}  // namespace

std::vector<ModelAction> PlanModels(const std::map<std::string, ModelConfig>& current,
                                    const std::map<std::string, ModelConfig>& wanted) {
  std::vector<ModelAction> actions;
  for (const auto& [name, config] : current) {
    if (!wanted.count(name)) actions.push_back({Kind::kRemove, name});
  }
  for (const auto& [name, config] : wanted) {
    const auto is = current.find(name);
    if (is == current.end()) {
      actions.push_back({Kind::kAdd, name});
    } else if (is->second != config) {
      actions.push_back({CanSettle(is->second, config) ? Kind::kSettle : Kind::kReplace, name});
    }
  }
  return actions;
}

}  // namespace lamina::server
