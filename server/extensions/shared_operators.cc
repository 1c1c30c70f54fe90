#include "server/extensions/shared_operators.h"

#include <limits>
#include <map>
#include <set>
#include <tuple>

#include "absl/strings/str_cat.h"

namespace lamina::server {
namespace {

using loader::Binding;

using Operator = std::tuple<std::string, std::string, std::string>;

std::multimap<Operator, const Binding*> BindingsOf(const loader::Manifest& manifest) {
  std::multimap<Operator, const Binding*> bindings;
  for (const loader::LayerInfo& layer : manifest.layers) {
    for (const Binding& binding : layer.bindings)
      bindings.emplace(Operator(binding.framework, binding.domain, binding.operator_name), &binding);
  }
  return bindings;
}

uint32_t Last(const Binding& binding) {
  return binding.until == 0 ? std::numeric_limits<uint32_t>::max() : binding.until;
}

bool Overlap(const Binding& a, const Binding& b) { return a.since <= Last(b) && b.since <= Last(a); }

std::string NameOf(const Binding& binding) {
  return binding.domain.empty() ? binding.operator_name : absl::StrCat(binding.domain, ".", binding.operator_name);
}

}  // namespace

std::vector<std::string> SharedOperators(const loader::Manifest& one, const loader::Manifest& other) {
  std::set<std::string> shared;
  const auto of_other = BindingsOf(other);
  for (const auto& [name, binding] : BindingsOf(one)) {
    for (auto [it, end] = of_other.equal_range(name); it != end; ++it) {
      if (Overlap(*binding, *it->second)) shared.insert(NameOf(*binding));
    }
  }
  return {shared.begin(), shared.end()};
}

}  // namespace lamina::server
