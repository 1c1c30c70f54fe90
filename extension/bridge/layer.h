// Layer: one layer of a library as the bridge sees it.
#ifndef LAMINA_EXTENSION_BRIDGE_LAYER_H_
#define LAMINA_EXTENSION_BRIDGE_LAYER_H_

#include <memory>
#include <string>
#include <vector>

#include "lamina/abi.h"
#include "openvino/core/type.hpp"

namespace lamina::bridge {

/// Constant after construction, shared by all that came from the layer; it keeps the library loaded.
class Layer {
 public:
  /// `keep` is what keeps the library loaded, null for the bridge's own.
  Layer(const lamina_library_table& library, const lamina_layer& table, std::shared_ptr<const void> keep);

  const char* name() const { return table_->name; }
  const lamina_layer& table() const { return *table_; }

  /// The operation's type: the layer's name, in an operation set that is named as the library. The wide one if an
  /// operation of the engine has that name.
  const ov::DiscreteTypeInfo& type_info() const { return type_info_; }
  /// The type of an operation with outputs of 64-bit integers, which the CPU plugin must not recognise as foreign: it
  /// would narrow them. Its name is the plugin's own for what runs evaluate().
  const ov::DiscreteTypeInfo& wide_type_info() const { return wide_type_info_; }

 private:
  std::shared_ptr<const void> keep_;
  const lamina_layer* table_;
  ov::DiscreteTypeInfo type_info_, wide_type_info_;
};

using Layers = std::vector<std::shared_ptr<const Layer>>;

/// All layers of a library.
Layers LayersOf(const lamina_library_table& library, const std::shared_ptr<const void>& keep);

}  // namespace lamina::bridge

#endif  // LAMINA_EXTENSION_BRIDGE_LAYER_H_
