#include "server/engine/row_wise.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <unordered_set>

#include "openvino/core/attribute_visitor.hpp"
#include "openvino/op/concat.hpp"
#include "openvino/op/ops.hpp"
#include "openvino/op/util/binary_elementwise_arithmetic.hpp"
#include "openvino/op/util/binary_elementwise_comparison.hpp"
#include "openvino/op/util/binary_elementwise_logical.hpp"
#include "openvino/op/util/unary_elementwise_arithmetic.hpp"

namespace lamina::server {
namespace {

/// What a layer says of itself (extension/bridge/operation.cc).
class RowWiseReader final : public ov::AttributeVisitor {
 public:
  using ov::AttributeVisitor::on_adapter;
  void on_adapter(const std::string&, ov::ValueAccessor<void>&) override {}
  void on_adapter(const std::string& name, ov::ValueAccessor<int64_t>& value) override {
    if (name == "row_wise_rank") rank_ = value.get();
  }
  /// 0: nothing.
  int64_t rank() const { return rank_; }

 private:
  int64_t rank_ = 0;
};

/// The nodes of a model whose outputs have a row for each of the inputs', and those that are constant.
class RowNodes {
 public:
  /// Takes the next node in the model's order; false if it is neither, or not known.
  bool Add(const ov::Node& node) {
    const auto inputs = node.input_values();
    const bool is_input = ov::is_type<ov::op::v0::Parameter>(&node);
    if (!is_input && std::none_of(inputs.begin(), inputs.end(), [this](const auto& input) { return Has(input); }))
      return ov::is_type<ov::op::v0::Constant>(&node) || (!inputs.empty() && !ov::is_type<ov::op::v0::Result>(&node));
    if (!is_input && !KeepsRows(node)) return false;
    rows_.insert(&node);
    return true;
  }

 private:
  bool Has(const ov::Output<ov::Node>& value) const { return rows_.contains(value.get_node()); }

  bool KeepsRows(const ov::Node& node) const {
    if (ov::is_type_any_of<ov::op::v0::Result, ov::op::v0::Convert, ov::op::v16::Identity, ov::op::v0::Clamp,
                           ov::op::v0::Elu, ov::op::v1::LogicalNot, ov::op::util::UnaryElementwiseArithmetic>(&node)) {
      return true;
    }
    if (ov::is_type_any_of<ov::op::util::BinaryElementwiseArithmetic, ov::op::util::BinaryElementwiseComparison,
                           ov::op::util::BinaryElementwiseLogical, ov::op::v1::Select>(&node)) {
      return PairsRows(node);
    }
    if (const auto* product = ov::as_type<const ov::op::v0::MatMul>(&node)) return MultipliesRows(*product);
    if (const auto* softmax = ov::as_type<const ov::op::v1::Softmax>(&node)) return softmax->get_axis() != 0;
    if (const auto* softmax = ov::as_type<const ov::op::v8::Softmax>(&node))
      return IsWithinRows(softmax->get_axis(), node);
    if (const auto* joined = ov::as_type<const ov::op::v0::Concat>(&node)) return JoinsRows(*joined);
    return IsRowWiseLayer(node);
  }

  /// Whether an axis, counted from the end if it is negative, is another than the rows'.
  static bool IsWithinRows(int64_t axis, const ov::Node& node) {
    const ov::Rank rank = node.get_output_partial_shape(0).rank();
    return rank.is_static() && axis != 0 && axis != -rank.get_length();
  }

  /// Elementwise with broadcasting: a constant must not meet the rows, and they not another dimension.
  bool PairsRows(const ov::Node& node) const {
    const ov::Rank rank = node.get_output_partial_shape(0).rank();
    if (rank.is_dynamic()) return false;
    for (const auto& input : node.input_values()) {
      const ov::PartialShape& shape = input.get_partial_shape();
      if (shape.rank().is_dynamic()) return false;
      const bool as_many = shape.rank() == rank;
      if (Has(input) ? !as_many : as_many && (shape.size() == 0 || shape[0] != 1)) return false;
    }
    return true;
  }

  bool MultipliesRows(const ov::op::v0::MatMul& product) const {
    const ov::Rank rows = product.get_input_partial_shape(0).rank();
    const ov::Rank weights = product.get_input_partial_shape(1).rank();
    return !Has(product.input_value(1)) && !product.get_transpose_a() && rows.is_static() && rows.get_length() >= 2 &&
           weights.is_static() && weights.get_length() <= 2;
  }

  bool JoinsRows(const ov::op::v0::Concat& joined) const {
    const auto inputs = joined.input_values();
    return IsWithinRows(joined.get_axis(), joined) &&
           std::all_of(inputs.begin(), inputs.end(), [this](const auto& input) { return Has(input); });
  }

  bool IsRowWiseLayer(const ov::Node& node) const {
    RowWiseReader reader;
    const_cast<ov::Node&>(node).visit_attributes(reader);
    if (reader.rank() == 0) return false;
    for (size_t i = 0; i < node.get_input_size(); ++i) {
      const ov::Rank rank = node.get_input_partial_shape(i).rank();
      if (!Has(node.input_value(i)) || rank.is_dynamic() || rank.get_length() < reader.rank()) return false;
    }
    return node.get_input_size() > 0;
  }

  std::unordered_set<const ov::Node*> rows_;
};

}  // namespace

bool IsRowWise(const ov::Model& model) {
  if (!model.get_sinks().empty() || !model.get_variables().empty()) return false;
  RowNodes nodes;
  const auto ordered = model.get_ordered_ops();
  return std::all_of(ordered.begin(), ordered.end(), [&](const auto& node) { return nodes.Add(*node); });
}

}  // namespace lamina::server
