#include "extension/bridge/operation.h"

#include <stdexcept>

#include "extension/bridge/computation.h"
#include "extension/bridge/element_type.h"
#include "extension/bridge/inference.h"
#include "extension/bridge/log.h"
#include "extension/bridge/narrowed.h"
#include "extension/bridge/sixty_four_bits.h"
#include "lamina/types.h"
#include "openvino/core/model.hpp"
#include "openvino/op/constant.hpp"
#include "openvino/op/parameter.hpp"
#include "sdk/loader/table.h"

namespace lamina::bridge {
namespace {

using ov::op::v0::Constant;

// Of all attributes only models have bytes in a saved model's weights, and of models only this name is read.
constexpr const char* kBlobModel = "body";

std::shared_ptr<ov::Model> ModelOf(const Constant& blob) {
  return std::make_shared<ov::Model>(ov::OutputVector{std::make_shared<Constant>(blob)}, ov::ParameterVector{});
}

std::shared_ptr<const Constant> BlobOf(const std::shared_ptr<ov::Model>& model) {
  if (!model || model->get_output_size() != 1) return nullptr;
  auto blob = ov::as_type_ptr<Constant>(model->output(0).get_node()->get_input_node_shared_ptr(0));
  return blob && blob->get_element_type() == ov::element::u8 ? blob : nullptr;
}

}  // namespace

std::shared_ptr<Operation> ReadOperation(std::shared_ptr<const Layer> layer, const ov::OutputVector& inputs,
                                         ov::AttributeVisitor& visitor) {
  std::shared_ptr<ov::Model> model;
  std::string reason = "a node's attributes are not what was saved";
  try {
    visitor.on_attribute(kBlobModel, model);
  } catch (const std::exception& error) {
    reason = error.what();
  }
  auto blob = BlobOf(model);
  if (!blob) {
    throw std::runtime_error(Cat("layer '", layer->name(),
                                 "': the model was saved by another version of this library, or is damaged (", reason,
                                 "); convert it again"));
  }
  return std::make_shared<Operation>(std::make_shared<const PreparedNode>(std::move(layer), std::move(blob)), inputs);
}

bool IsOperation(const ov::Node& node) { return dynamic_cast<const Operation*>(&node) != nullptr; }

Operation::Operation(std::shared_ptr<const PreparedNode> node, const ov::OutputVector& inputs)
    : Op(inputs), node_(std::move(node)) {
  if (inputs.size() != node_->connected_count()) {
    throw std::runtime_error(Cat(node_->subject(), ": the operation has ", inputs.size(),
                                 " inputs, its attributes say ", node_->connected_count(),
                                 "; convert the model again"));
  }
  declared_.assign(node_->connected_count(), LAMINA_DYNAMIC);
  exact_.assign(node_->connected_count(), false);
  read_.assign(node_->header().output_count, true);
  constructor_validate_and_infer_types();
}

Operation::Operation(const Operation& original, const ov::OutputVector& inputs)
    : Op(inputs),
      node_(original.node_),
      is_clone_(true),
      declared_(original.declared_),
      exact_(original.exact_),
      read_(original.read_),
      wide_outputs_(original.wide_outputs_) {
  constructor_validate_and_infer_types();
}

const ov::DiscreteTypeInfo& Operation::get_type_info() const {
  return wide_outputs_ ? node_->layer().wide_type_info() : node_->layer().type_info();
}

void Operation::validate_and_infer_types() {
  DeclareTypes();
  bridge::InferOutputs(*node_, declared_, *this);
  wide_outputs_ = false;
  output_types_.clear();
  for (size_t i = 0; i < get_output_size(); ++i) {
    output_types_.push_back(ToAbi(get_output_element_type(i)));
    wide_outputs_ |= output_types_.back() == LAMINA_I64 || output_types_.back() == LAMINA_U64;
  }
  if (!weak_from_this().expired()) NoteReaders();
}

void Operation::DeclareTypes() {
  for (size_t i = 0; i < declared_.size(); ++i) {
    const int32_t actual = ToAbi(get_input_element_type(i));
    if (Is64Bits(actual) && !BodyIsBeingRead() && KeepWide(*this, i, InBody())) exact_[i] = true;
    if (actual == declared_[i] || actual == LAMINA_DYNAMIC) continue;
    if (!CanRestore(declared_[i], actual)) {
      declared_[i] = actual;  // the model was changed
      exact_[i] = false;
    } else if (exact_[i] && Is64Bits(declared_[i])) {
      AcceptNarrowed(i, actual);
    }
  }
}

void Operation::AcceptNarrowed(size_t input, int32_t actual) {
  const std::string what =
      Cat("input ", input, " is ", TypeName(declared_[input]), ", but the engine cuts it to ", TypeName(actual));
  if (!InBody() && !ov::is_type<ov::op::v0::Parameter>(Origin(input_value(input)).get_node())) {
    throw std::runtime_error(node_->subject() + ": " + what +
                             "; no release of OpenVINO that we know does so: use another one or report it");
  }
  // What enters an If or a Loop has 32 bits. The node is still marked where the engine has put a body into its graph.
  exact_[input] = false;
  Log(LAMINA_LOG_WARNING, node_->subject(), what + " on the way into an If or a Loop: greater numbers come out wrong");
}

void Operation::NoteReaders() {
  bool any = false;
  for (size_t i = 0; i < get_output_size(); ++i) any |= !get_output_target_inputs(i).empty();
  for (size_t i = 0; i < get_output_size() && any; ++i) {
    read_[i] = !get_output_target_inputs(i).empty();
    const int32_t type = ToAbi(get_output_element_type(i));
    if (EngineType(type) == type || BodyIsBeingRead()) continue;
    if (!DrawBorder(output(i), InBody()) || !Is64Bits(type)) continue;
    Log(LAMINA_LOG_WARNING, node_->subject(),
        Cat("output ", i, " is ", TypeName(type),
            ", but the engine cuts it to 32 bits on the way out of an If or a Loop: greater numbers come out wrong"));
  }
}

std::shared_ptr<ov::Node> Operation::clone_with_new_inputs(const ov::OutputVector& inputs) const {
  return std::make_shared<Operation>(*this, inputs);
}

bool Operation::visit_attributes(ov::AttributeVisitor& visitor) {
  // For the reader of a saved model; what counts is in the blob.
  std::string operator_name = node_->header().domain + (node_->header().domain.empty() ? "" : ".");
  operator_name += node_->header().operator_name;
  visitor.on_attribute("operator", operator_name);
  // For the server.
  int64_t row_wise_rank = loader::RowWiseRank(node_->layer().table());
  visitor.on_attribute("row_wise_rank", row_wise_rank);
  std::shared_ptr<ov::Model> blob = ModelOf(node_->blob());
  visitor.on_attribute(kBlobModel, blob);
  return true;
}

// A constant of 64 bits that the engine makes of a result would be narrowed.
bool Operation::can_constant_fold(const ov::OutputVector& inputs) const {
  for (size_t i = 0; i < get_output_size(); ++i) {
    if (Is64Bits(ToAbi(get_output_element_type(i)))) return false;
  }
  return Op::can_constant_fold(inputs);
}

bool Operation::evaluate(ov::TensorVector& outputs, const ov::TensorVector& inputs) const {
  Compute(*node_, declared_, output_types_, read_, inputs, outputs);
  return true;
}

}  // namespace lamina::bridge
