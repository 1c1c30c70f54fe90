// The front-end takes a Constant's value_string and value_strings for a `value` that is missing: they become one.
#include "prepare/rewrites/rewrites.h"

namespace lamina::prepare {
namespace {

/// The strings as a tensor, in the attribute's place.
bool BecomeTensor(onnx::Attribute& attribute) {
  const bool is_one = attribute.name() == "value_string";
  if (!is_one && attribute.name() != "value_strings") return false;
  onnx::Tensor tensor;
  tensor.set_data_type(onnx::Tensor::STRING);
  if (is_one) {
    tensor.add_string_data(attribute.s());
  } else {
    tensor.add_dims(attribute.strings_size());
    *tensor.mutable_string_data() = attribute.strings();
  }
  attribute.Clear();
  attribute.set_name("value");
  attribute.set_type(onnx::Attribute::TENSOR);
  *attribute.mutable_t() = std::move(tensor);
  return true;
}

}  // namespace

absl::Status RewriteStringConstants(Context& context) {
  ForEachGraph(*context.model.mutable_graph(), [&](onnx::Graph& graph) {
    for (onnx::Node& node : *graph.mutable_node()) {
      if (!IsOperator(node, "", "Constant")) continue;
      for (onnx::Attribute& attribute : *node.mutable_attribute()) {
        if (BecomeTensor(attribute)) context.Changed(node, "given its strings as a tensor");
      }
    }
  });
  return absl::OkStatus();
}

}  // namespace lamina::prepare
