// A converter of an extension cannot read an attribute that is a tensor (TreeEnsemble-5, LabelEncoder-4, the
// *_as_tensor attributes of ai.onnx.ml 3). On a node that a layer takes, each such tensor becomes an initializer and a
// trailing input of the node, and the string list `lamina_tensor_attributes` names these inputs in order; an entry of a
// list of tensors is named "name[0]", "name[1]", ... Nor is a converter told the operator set's version and how many
// outputs the node has, nor that it is in a body of If, Loop or Scan out of which 32 bits go (whole_branches.h):
// `lamina_opset`, `lamina_output_count` and `lamina_in_body` say so.
#include <algorithm>
#include <unordered_set>

#include "absl/strings/str_cat.h"
#include "prepare/rewrites/rewrites.h"
#include "prepare/unknown_attributes.h"
#include "prepare/whole_branches.h"

namespace lamina::prepare {
namespace {

constexpr char kNames[] = "lamina_tensor_attributes";
constexpr char kOpset[] = "lamina_opset";
constexpr char kOutputCount[] = "lamina_output_count";
constexpr char kInBody[] = "lamina_in_body";

class TensorAttributes {
 public:
  TensorAttributes(Context& context, onnx::Graph& graph, onnx::Node& node)
      : context_(context), graph_(graph), node_(node) {}

  void Move() {
    google::protobuf::RepeatedPtrField<onnx::Attribute> before;
    before.Swap(node_.mutable_attribute());
    for (onnx::Attribute& attribute : before) {
      if (attribute.has_t()) {
        MoveOne(*attribute.mutable_t(), attribute.name());
      } else if (attribute.tensors_size() > 0) {
        for (int i = 0; i < attribute.tensors_size(); ++i) {
          MoveOne(*attribute.mutable_tensors(i), absl::StrCat(attribute.name(), "[", i, "]"));
        }
      } else {
        *node_.add_attribute() = std::move(attribute);
      }
    }
    if (names_.strings_size() > 0) *node_.add_attribute() = std::move(names_);
  }

 private:
  void MoveOne(onnx::Tensor& tensor, const std::string& name) {
    const std::string value = context_.names.Fresh(absl::StrCat(node_.output(0), "/", name));
    tensor.set_name(value);
    *graph_.add_initializer() = std::move(tensor);
    node_.add_input(value);
    names_.set_name(kNames);
    names_.set_type(onnx::Attribute::STRINGS);
    names_.add_strings(name);
  }

  Context& context_;
  onnx::Graph& graph_;
  onnx::Node& node_;
  onnx::Attribute names_;
};

bool HasTensors(const onnx::Node& node) {
  return std::any_of(node.attribute().begin(), node.attribute().end(), [](const onnx::Attribute& attribute) {
    return attribute.has_t() || attribute.tensors_size() > 0;
  });
}

}  // namespace

absl::Status TellLayers(Context& context) {
  const std::unordered_set<const onnx::Graph*> whole = WholeBranches(context);
  absl::Status status;
  ForEachGraph(*context.model.mutable_graph(), [&](onnx::Graph& graph) {
    const bool in_body = &graph != context.model.mutable_graph() && !whole.contains(&graph);
    for (onnx::Node& node : *graph.mutable_node()) {
      if (node.output_size() == 0 || !context.TakenByLayer(node)) continue;
      status.Update(CheckAttributes(context, node));
      const bool told = FindAttribute(node, kOpset) != nullptr;  // by an earlier preparation
      if (HasTensors(node)) {
        context.Changed(node, "goes to a layer; its tensor attributes became constant inputs");
        TensorAttributes(context, graph, node).Move();
      } else if (!told) {
        context.Changed(node, "goes to a layer");
      }
      if (told) continue;
      SetInt(node, kOpset, context.ImportedVersion(NormalDomain(node.domain())));
      SetInt(node, kOutputCount, node.output_size());
      if (in_body) SetInt(node, kInBody, 1);
    }
  });
  return status;
}

}  // namespace lamina::prepare
