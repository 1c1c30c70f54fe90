#include "extension/bridge/layer.h"

#include <algorithm>
#include <mutex>
#include <set>

#include "openvino/op/op.hpp"
#include "openvino/opsets/opset.hpp"

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/lsan_interface.h>
#endif

namespace lamina::bridge {
namespace {

// The engine keeps copies of type infos in places of its own, and with them the pointers to these names: they are never
// freed. There are as many as there are different names. LeakSanitizer would find them when the library is unloaded.
const char* Kept(const std::string& name) {
#ifdef __SANITIZE_ADDRESS__
  const __lsan::ScopedDisabler no_leaks;
#endif
  static std::mutex mutex;
  static auto* names = new std::set<std::string>;
  const std::lock_guard lock(mutex);
  return names->insert(name).first->c_str();
}

ov::DiscreteTypeInfo TypeInfo(const std::string& name, const std::string& operation_set) {
  ov::DiscreteTypeInfo info(Kept(name), Kept(operation_set), &ov::op::Op::get_type_info_static());
  info.hash();
  return info;
}

// The plugin goes by the bare name: it takes an operation called Slice for its own Slice, and fails.
bool IsNameOfTheEngines(const std::string& name) {
  const auto& opsets = ov::get_available_opsets();
  return std::any_of(opsets.begin(), opsets.end(),
                     [&](const auto& opset) { return opset.second().contains_type(name); });
}

}  // namespace

Layer::Layer(const lamina_library_table& library, const lamina_layer& table, std::shared_ptr<const void> keep)
    : keep_(std::move(keep)),
      table_(&table),
      type_info_(TypeInfo(table.name, library.name)),
      wide_type_info_(TypeInfo("Reference", std::string(library.name) + "." + table.name)) {
  if (IsNameOfTheEngines(table.name)) type_info_ = wide_type_info_;
}

Layers LayersOf(const lamina_library_table& library, const std::shared_ptr<const void>& keep) {
  Layers layers;
  for (auto* table = library.begin; table != library.end; ++table) {
    layers.push_back(std::make_shared<Layer>(library, **table, keep));
  }
  return layers;
}

}  // namespace lamina::bridge
