// Operation: a layer's node as an operation of OpenVINO.
#ifndef LAMINA_EXTENSION_BRIDGE_OPERATION_H_
#define LAMINA_EXTENSION_BRIDGE_OPERATION_H_

#include <memory>
#include <vector>

#include "extension/bridge/prepared_node.h"
#include "openvino/op/op.hpp"

namespace lamina::bridge {

/// One class stands for all layers: its type info is the layer's. Inputs are those of the framework's node that are
/// connected, in their order. The node's blob is an attribute, and goes into a saved model's weights.
///
/// The engine clones and validates operations all the time, for every inference if shapes are dynamic: both are cheap,
/// what is big is in the shared PreparedNode. evaluate may run in several threads at once.
class Operation final : public ov::op::Op {
 public:
  /// The node as the front-end gives it. Throws std::exception with layer, node and reason.
  Operation(std::shared_ptr<const PreparedNode> node, const ov::OutputVector& inputs);
  /// A clone.
  Operation(const Operation& original, const ov::OutputVector& inputs);

  const ov::DiscreteTypeInfo& get_type_info() const override;
  void validate_and_infer_types() override;
  std::shared_ptr<ov::Node> clone_with_new_inputs(const ov::OutputVector& inputs) const override;
  bool visit_attributes(ov::AttributeVisitor& visitor) override;  // writes them; ReadOperation reads
  bool has_evaluate() const override { return true; }
  bool can_constant_fold(const ov::OutputVector& inputs) const override;
  bool evaluate(ov::TensorVector& outputs, const ov::TensorVector& inputs) const override;

 private:
  void DeclareTypes();
  void AcceptNarrowed(size_t input, int32_t actual);
  void NoteReaders();
  bool InBody() const { return node_->header().in_body; }
  /// The front-end finds the results of a body by what they read: nothing around an operation in there may be changed
  /// before the engine has cloned it to compile it.
  bool BodyIsBeingRead() const { return InBody() && !is_clone_; }

  std::shared_ptr<const PreparedNode> node_;
  bool is_clone_ = false;
  /// What the model says the inputs' types are; the engine may deliver narrower ones. LAMINA_DYNAMIC: not known yet.
  std::vector<int32_t> declared_;
  /// For each input, true if nothing but moves of whole elements is between it and where it came from: it may not
  /// arrive narrowed.
  std::vector<bool> exact_;
  /// What the outputs' types are, as they were last inferred.
  std::vector<int32_t> output_types_;
  /// For each output, false if nobody reads it.
  std::vector<bool> read_;
  bool wide_outputs_ = false;
};

/// The node as a saved model gives it. Throws std::exception with layer, node and reason.
std::shared_ptr<Operation> ReadOperation(std::shared_ptr<const Layer> layer, const ov::OutputVector& inputs,
                                         ov::AttributeVisitor& visitor);

/// True for the operations of any Operation class of this bridge.
bool IsOperation(const ov::Node& node);

}  // namespace lamina::bridge

#endif  // LAMINA_EXTENSION_BRIDGE_OPERATION_H_
