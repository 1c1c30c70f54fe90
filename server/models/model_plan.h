#ifndef LAMINA_SERVER_MODELS_MODEL_PLAN_H_
#define LAMINA_SERVER_MODELS_MODEL_PLAN_H_

#include <map>
#include <string>
#include <vector>

#include "server/config/model_config.h"

namespace lamina::server {

struct ModelAction {
  enum class Kind {
    kRemove,
    kAdd,
    kSettle,   // only what a loaded model can take: version policy and labels
    kReplace,  // by one that is loaded anew
  };
  Kind kind = Kind::kAdd;
  std::string model;

  bool operator==(const ModelAction&) const = default;
};

/// The steps from the models that are configured to those that are wanted, both by name. Pure. Removals come first:
/// they make room; the others follow by name.
std::vector<ModelAction> PlanModels(const std::map<std::string, ModelConfig>& current,
                                    const std::map<std::string, ModelConfig>& wanted);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_MODELS_MODEL_PLAN_H_
