#include "sdk/loader/declarations.h"

#include <set>
#include <string_view>
#include <utility>

namespace lamina::loader {
namespace {

std::string Quoted(const std::string& name) { return "'" + name + "'"; }

/// The first name that an earlier entry has, too; null if all differ.
template <class Entries>
const std::string* Repeated(const Entries& entries) {
  std::set<std::string_view> seen;
  for (const auto& entry : entries) {
    if (!seen.insert(entry.name).second) return &entry.name;
  }
  return nullptr;
}

std::string CheckNames(const LayerInfo& layer) {
  for (const auto& [what, name] :
       {std::pair("input", Repeated(layer.inputs)), std::pair("output", Repeated(layer.outputs)),
        std::pair("attribute", Repeated(layer.attributes))}) {
    if (name) return std::string("declares the ") + what + " " + Quoted(*name) + " twice; each needs a name of its own";
  }
  return "";
}

std::string CheckVersions(const LayerInfo& layer) {
  for (const Binding& binding : layer.bindings) {
    if (binding.until == 0 || binding.since <= binding.until) continue;
    return "is for " + BindingText(binding) +
           ", which ends before it begins; 'until' is the last version and at least 'since', or 0 for no end";
  }
  return "";
}

}  // namespace

std::string CheckDeclarations(const std::vector<LayerInfo>& layers) {
  if (const std::string* name = Repeated(layers)) {
    return "two layers are named " + Quoted(*name) + "; give one of them another name, .Name(...)";
  }
  for (const LayerInfo& layer : layers) {
    std::string wrong = CheckNames(layer);
    if (wrong.empty()) wrong = CheckVersions(layer);
    if (!wrong.empty()) return "the layer " + Quoted(layer.name) + " " + wrong;
  }
  return "";
}

std::string BindingText(const Binding& binding) {
  std::string text = binding.framework;
  if (!binding.domain.empty()) text += " " + binding.domain;
  text += " " + binding.operator_name;
  if (binding.since != 0) text += " since " + std::to_string(binding.since);
  if (binding.until != 0) text += " until " + std::to_string(binding.until);
  return text;
}

}  // namespace lamina::loader
