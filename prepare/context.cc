#include "prepare/context.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace lamina::prepare {

namespace {

bool Covers(const LayerBinding& binding, int64_t version) {
  return version == 0 || (version >= binding.since && (binding.until == 0 || version <= binding.until));
}

}  // namespace

Layers::Layers(const std::vector<LayerBinding>& bindings) : bindings_(bindings) {
  for (size_t i = 0; i < bindings_.size(); ++i) {
    by_name_.emplace(OperatorName(bindings_[i].domain, bindings_[i].operator_name), i);
  }
}

bool Layers::Take(std::string_view domain, std::string_view name, int64_t version) const {
  const auto [begin, end] = by_name_.equal_range(OperatorName(domain, name));
  return std::any_of(begin, end, [&](const auto& entry) { return Covers(bindings_[entry.second], version); });
}

std::optional<std::vector<std::string>> Layers::Attributes(std::string_view domain, std::string_view name,
                                                           int64_t version) const {
  std::vector<std::string> attributes;
  const auto [begin, end] = by_name_.equal_range(OperatorName(domain, name));
  for (auto entry = begin; entry != end; ++entry) {
    const LayerBinding& binding = bindings_[entry->second];
    if (!Covers(binding, version)) continue;
    if (!binding.attributes) return std::nullopt;
    attributes.insert(attributes.end(), binding.attributes->begin(), binding.attributes->end());
  }
  return attributes;
}

Context::Context(onnx::Model& model, const Layers& layers) : model(model), layers(layers), names(model) {
  for (const onnx::OperatorSetId& import : model.opset_import()) {
    imports_.emplace(NormalDomain(import.domain()), import.version());
  }
}

void Context::Import(std::string_view domain, int64_t version) {
  if (ImportedVersion(domain) != 0) return;
  onnx::OperatorSetId& import = *model.add_opset_import();
  import.set_domain(std::string(domain));
  import.set_version(version);
  imports_[import.domain()] = version;
}

int64_t Context::ImportedVersion(std::string_view domain) const {
  const auto found = imports_.find(std::string(domain));
  return found == imports_.end() ? 0 : found->second;
}

bool Context::TakenByLayer(const onnx::Node& node) const {
  const std::string_view domain = NormalDomain(node.domain());
  return layers.Take(domain, node.op_type(), ImportedVersion(domain));
}

void Context::Redirect(onnx::Node& node, std::string_view why) {
  Changed(node, absl::StrCat("sent to our layer: ", std::string(why)));
  Import(kRedirectDomain, 1);
  node.set_domain(std::string(kRedirectDomain));
}

void Context::Note(const onnx::Node& node, std::string_view what, std::vector<Change>& noted, Kinds& kinds) {
  const std::string domain(NormalDomain(node.domain()));
  const auto [kind, is_new] = kinds.try_emplace({domain, node.op_type(), std::string(what)}, noted.size());
  if (is_new) noted.push_back({domain, node.op_type(), 0, std::string(what)});
  ++noted[kind->second].count;
}

}  // namespace lamina::prepare
