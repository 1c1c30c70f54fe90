// The element type of every value of a model, as far as it can be told without knowing shapes: from the model's own
// declarations, its initializers, and a rule for each operator whose outputs are not of its first input's type.
#ifndef LAMINA_PREPARE_ELEMENT_TYPES_H_
#define LAMINA_PREPARE_ELEMENT_TYPES_H_

#include <functional>
#include <string>
#include <unordered_map>

#include "prepare/onnx.pb.h"

namespace lamina::prepare {

/// The types of the values that one graph can see: its own and, through the parent, those around it.
class TypeScope {
 public:
  explicit TypeScope(const TypeScope* parent) : parent_(parent) {}

  /// onnx::Tensor::UNDEFINED if it is not known.
  int Of(const std::string& value) const;
  /// A known type is not overwritten by an unknown one.
  void Set(const std::string& value, int type);

 private:
  const TypeScope* parent_;
  std::unordered_map<std::string, int> types_;
};

/// Calls visit for every node of the graph and of the graphs inside it, in order, with the types of what the node can
/// read. The node may be changed, its inputs' and outputs' names aside; its outputs' types are told from it afterwards.
void VisitTyped(onnx::Graph& graph, const std::function<void(onnx::Graph&, onnx::Node&, const TypeScope&)>& visit);

/// The type of each output of a node, all its inputs' types being in `scope`; graphs inside it are not looked at.
int OutputType(const onnx::Node& node, int output, const TypeScope& scope);

}  // namespace lamina::prepare

#endif  // LAMINA_PREPARE_ELEMENT_TYPES_H_
