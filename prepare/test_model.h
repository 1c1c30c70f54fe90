// Builds ONNX models for the tests beside this file, a call a line.
#ifndef LAMINA_PREPARE_TEST_MODEL_H_
#define LAMINA_PREPARE_TEST_MODEL_H_

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "prepare/graph.h"
#include "prepare/prepare_model.h"

namespace lamina::prepare {

class TestModel {
 public:
  using T = onnx::Tensor;

  explicit TestModel(int64_t opset = 18) {
    model_.set_ir_version(9);
    Import("", opset);
  }

  TestModel& Import(std::string_view domain, int64_t version) {
    onnx::OperatorSetId& import = *model_.add_opset_import();
    import.set_domain(std::string(domain));
    import.set_version(version);
    return *this;
  }

  TestModel& Input(const std::string& name, int type = T::FLOAT, std::initializer_list<int64_t> dims = {-1, 3}) {
    Declare(*graph().add_input(), name, type, dims);
    return *this;
  }

  TestModel& Output(const std::string& name, int type = T::FLOAT, std::initializer_list<int64_t> dims = {-1, 3}) {
    Declare(*graph().add_output(), name, type, dims);
    return *this;
  }

  /// A tensor input whose type is a map of keys to f32.
  TestModel& MapInput(const std::string& name, int key_type) {
    onnx::ValueInfo& input = *graph().add_input();
    input.set_name(name);
    auto& map = *input.mutable_type()->mutable_map_type();
    map.set_key_type(key_type);
    map.mutable_value_type()->mutable_tensor_type()->set_elem_type(T::FLOAT);
    return *this;
  }

  /// Adds a node and gives it for its attributes to be set.
  onnx::Node& Node(std::string_view op, std::initializer_list<std::string> inputs,
                   std::initializer_list<std::string> outputs, std::string_view domain = "") {
    onnx::Node& node = *graph().add_node();
    node = MakeNode(op, inputs, outputs);
    node.set_domain(std::string(domain));
    return node;
  }

  /// Adds a function of domain "local" without nodes.
  onnx::Function& Function(const std::string& name, std::initializer_list<std::string> inputs,
                           std::initializer_list<std::string> outputs) {
    onnx::Function& function = *model_.add_functions();
    function.set_domain("local");
    function.set_name(name);
    for (const std::string& input : inputs) function.add_input(input);
    for (const std::string& output : outputs) function.add_output(output);
    onnx::OperatorSetId& import = *function.add_opset_import();
    import.set_domain("");
    import.set_version(18);
    return function;
  }

  /// Adds to an If the graph of one of its branches, which gives `output`; the caller adds its nodes.
  static onnx::Graph& Branch(onnx::Node& node, const std::string& output, std::string_view name = "then_branch") {
    onnx::Attribute& attribute = *node.add_attribute();
    attribute.set_name(std::string(name));
    attribute.set_type(onnx::Attribute::GRAPH);
    attribute.mutable_g()->add_output()->set_name(output);
    return *attribute.mutable_g();
  }

  onnx::Graph& graph() { return *model_.mutable_graph(); }
  onnx::Model& model() { return model_; }

  std::string Bytes() const { return *Serialize(model_); }

  /// Prepares it in place; the report, or what went wrong.
  absl::StatusOr<Report> Prepare(std::vector<LayerBinding> layers = {}) {
    return PrepareModel(model_, Options{std::move(layers)});
  }

  /// "Cast ai.onnx.ml.Scaler ...": the main graph's operators in order.
  std::string Operators() const { return OperatorsOf(model_.graph()); }

  static std::string OperatorsOf(const onnx::Graph& graph) {
    std::string names;
    for (const onnx::Node& node : graph.node()) names += (names.empty() ? "" : " ") + OperatorName(node);
    return names;
  }

 private:
  static void Declare(onnx::ValueInfo& value, const std::string& name, int type, std::initializer_list<int64_t> dims) {
    value.set_name(name);
    auto& tensor = *value.mutable_type()->mutable_tensor_type();
    tensor.set_elem_type(type);
    for (int64_t dim : dims) {
      auto* added = tensor.mutable_shape()->add_dim();
      if (dim >= 0) added->set_dim_value(dim);
    }
  }

  onnx::Model model_;
};

inline void SetString(onnx::Node& node, const std::string& name, const std::string& value) {
  onnx::Attribute& attribute = *node.add_attribute();
  attribute.set_name(name);
  attribute.set_type(onnx::Attribute::STRING);
  attribute.set_s(value);
}

inline void SetStrings(onnx::Node& node, const std::string& name, std::initializer_list<std::string> values) {
  onnx::Attribute& attribute = *node.add_attribute();
  attribute.set_name(name);
  attribute.set_type(onnx::Attribute::STRINGS);
  for (const std::string& value : values) attribute.add_strings(value);
}

inline std::string Metadata(const onnx::Model& model, std::string_view key) {
  for (const onnx::StringStringEntry& entry : model.metadata_props()) {
    if (entry.key() == key) return entry.value();
  }
  return "(none)";
}

}  // namespace lamina::prepare

#endif  // LAMINA_PREPARE_TEST_MODEL_H_
