#include "sdk/loader/declarations.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <unordered_set>
#include <vector>

namespace lamina::loader {
namespace {

/// The name that is there twice, or "".
template <class Range>
std::string Twice(const Range& named) {
  std::unordered_set<std::string> names;
  for (const auto& one : named) {
    if (!names.insert(one.name).second) return one.name;
  }
  return "";
}

std::string CheckNames(const LayerInfo& layer) {
  const auto sentence = [&](const char* what, const std::string& name) {
    return "the layer '" + layer.name + "' declares the " + what + " '" + name + "' twice; declare it once";
  };
  if (const std::string name = Twice(layer.inputs); !name.empty()) return sentence("input", name);
  if (const std::string name = Twice(layer.outputs); !name.empty()) return sentence("output", name);
  if (const std::string name = Twice(layer.attributes); !name.empty()) return sentence("attribute", name);
  return "";
}

std::string OperatorName(const Binding& binding) {
  return binding.framework + " " + (binding.domain.empty() ? "" : binding.domain + ".") + binding.operator_name;
}

std::string CheckVersions(const LayerInfo& layer) {
  for (const Binding& binding : layer.bindings) {
    if (binding.until == 0 || binding.since <= binding.until) continue;
    return "the layer '" + layer.name + "' is for " + OperatorName(binding) + " since version " +
           std::to_string(binding.since) + " until version " + std::to_string(binding.until) +
           ", which is no version; exchange them";
  }
  return "";
}

/// Which of them a version means is clear otherwise: of those that take it, the one with the later `since`.
bool Collide(const Binding& a, const Binding& b) { return a.since == b.since; }

/// Of different layers: one layer may say the same twice.
std::string CheckOperators(std::span<const LayerInfo> layers) {
  using Operator = std::tuple<std::string, std::string, std::string>;
  std::map<Operator, std::vector<std::pair<const LayerInfo*, const Binding*>>> bound;
  for (const LayerInfo& layer : layers) {
    for (const Binding& binding : layer.bindings) {
      auto& others = bound[{binding.framework, binding.domain, binding.operator_name}];
      for (const auto& [other, others_binding] : others) {
        if (other == &layer || !Collide(binding, *others_binding)) continue;
        return "the layers '" + other->name + "' and '" + layer.name + "' are both for " + OperatorName(binding) +
               " since the same version; say since which version each is";
      }
      others.emplace_back(&layer, &binding);
    }
  }
  return "";
}

}  // namespace

std::string CheckDeclarations(std::span<const LayerInfo> layers) {
  if (const std::string name = Twice(layers); !name.empty())
    return "two layers are called '" + name + "'; give one another name";
  for (const LayerInfo& layer : layers) {
    for (std::string wrong : {CheckNames(layer), CheckVersions(layer)}) {
      if (!wrong.empty()) return wrong;
    }
  }
  return CheckOperators(layers);
}

}  // namespace lamina::loader
