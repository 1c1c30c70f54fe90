#include "extension/bridge/sixty_four_bits.h"

#include "extension/bridge/element_type.h"
#include "extension/bridge/operation.h"
#include "openvino/op/constant.hpp"
#include "openvino/op/convert.hpp"
#include "openvino/op/parameter.hpp"
#include "openvino/op/reshape.hpp"
#include "openvino/op/result.hpp"
#include "openvino/op/shape_of.hpp"
#include "openvino/op/slice.hpp"
#include "openvino/op/squeeze.hpp"
#include "openvino/op/strided_slice.hpp"
#include "openvino/op/transpose.hpp"
#include "openvino/op/unsqueeze.hpp"

namespace ov {
// Exported by libopenvino, not declared in its public headers.
OPENVINO_API void enable_keep_const_precision(const std::shared_ptr<Node>& node);
}  // namespace ov

namespace lamina::bridge {
namespace {

// Operations that move whole elements of input 0, of any width.
bool Moves(const ov::Node* node) {
  return ov::is_type_any_of<ov::op::v1::Reshape, ov::op::v0::Squeeze, ov::op::v15::Squeeze, ov::op::v0::Unsqueeze,
                            ov::op::v1::Transpose, ov::op::v8::Slice, ov::op::v1::StridedSlice>(node);
}

bool TakesAnyWidth(const ov::Node* node, bool in_body) {
  if (ov::is_type<ov::op::v0::Result>(node)) return !in_body;
  return IsOperation(*node) || ov::is_type_any_of<ov::op::v0::Convert, ov::op::v0::ShapeOf, ov::op::v3::ShapeOf>(node);
}

ov::Output<ov::Node> NarrowAndWiden(const ov::Output<ov::Node>& output) {
  const auto wide = output.get_element_type();
  const auto narrow = FromAbi(EngineType(ToAbi(wide)));
  const auto narrowed = std::make_shared<ov::op::v0::Convert>(output, narrow);
  const auto widened = std::make_shared<ov::op::v0::Convert>(narrowed, wide);
  const std::string& name = output.get_node()->get_friendly_name();
  narrowed->set_friendly_name(name + "/narrowed");
  widened->set_friendly_name(name + "/widened");
  return widened->output(0);
}

}  // namespace

ov::Output<ov::Node> Origin(ov::Output<ov::Node> value) {
  while (Moves(value.get_node())) value = value.get_node()->input_value(0);
  return value;
}

bool KeepWide(const ov::Node& operation, size_t input, bool in_body) {
  const ov::Output<ov::Node> source = Origin(operation.input_value(input));
  if (IsOperation(*source.get_node())) return true;
  const bool is_parameter = ov::is_type<ov::op::v0::Parameter>(source.get_node());
  if (!is_parameter && !ov::is_type<ov::op::v0::Constant>(source.get_node())) return false;
  if (is_parameter && in_body) return true;
  ov::enable_keep_const_precision(source.get_node_shared_ptr());
  DrawBorder(source, in_body);
  return true;
}

bool DrawBorder(const ov::Output<ov::Node>& output, bool in_body) {
  bool leaves_body = false;
  ov::Output<ov::Node> border;
  for (auto& input : output.get_target_inputs()) {
    if (TakesAnyWidth(input.get_node(), in_body)) continue;
    if (Moves(input.get_node()) && input.get_index() == 0) {
      leaves_body |= DrawBorder(input.get_node()->output(0), in_body);
      continue;
    }
    leaves_body |= ov::is_type<ov::op::v0::Result>(input.get_node());
    if (!border.get_node()) border = NarrowAndWiden(output);
    input.replace_source_output(border);
  }
  return leaves_body;
}

}  // namespace lamina::bridge
