#include "prepare/context.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace lamina::prepare {

Layers::Layers(const std::vector<LayerBinding>& bindings) : bindings_(bindings) {
  for (size_t i = 0; i < bindings_.size(); ++i) {
    by_name_.emplace(OperatorName(bindings_[i].domain, bindings_[i].operator_name), i);
  }
}

bool Layers::Take(std::string_view domain, std::string_view name, int64_t version) const {
  const auto [begin, end] = by_name_.equal_range(OperatorName(domain, name));
  return std::any_of(begin, end, [&](const auto& entry) {
    const LayerBinding& binding = bindings_[entry.second];
    return version == 0 || (version >= binding.since && (binding.until == 0 || version <= binding.until));
  });
}

bool Context::TakenByLayer(const onnx::Node& node) const {
  const std::string_view domain = NormalDomain(node.domain());
  return layers.Take(domain, node.op_type(), ImportedVersion(model, domain));
}

void Context::Redirect(onnx::Node& node, std::string_view why) {
  Changed(node, absl::StrCat("sent to our layer: ", std::string(why)));
  ImportDomain(model, kRedirectDomain, 1);
  node.set_domain(std::string(kRedirectDomain));
}

void Context::Note(std::vector<Change>& changes, const onnx::Node& node, std::string_view what) {
  const std::string_view domain = NormalDomain(node.domain());
  const auto same = std::find_if(changes.begin(), changes.end(), [&](const Change& change) {
    return change.domain == domain && change.operator_name == node.op_type() && change.what == what;
  });
  if (same != changes.end()) {
    ++same->count;
  } else {
    changes.push_back({std::string(domain), node.op_type(), 1, std::string(what)});
  }
}

}  // namespace lamina::prepare
