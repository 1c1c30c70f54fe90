// ai.onnx.ml.ZipMap makes a sequence of maps, class key -> score, of a tensor [N, C]; the engine has neither sequences
// of maps nor any way to take a model that gives one. The tensor itself becomes the output, a column a class in the
// order of ZipMap's keys, and the keys are kept in the model's metadata as lamina.classes.<output>, a JSON list.
#include <algorithm>
#include <map>
#include <memory>
#include <unordered_map>

#include "absl/strings/str_cat.h"
#include "prepare/classes.h"
#include "prepare/drop_identities.h"
#include "prepare/rewrites/rewrites.h"

namespace lamina::prepare {
namespace {

constexpr std::string_view kMl = "ai.onnx.ml";

const onnx::Attribute* ClassKeys(const onnx::Node& node) {
  for (const char* name : {"classlabels_strings", "classlabels_int64s"}) {
    const onnx::Attribute* keys = FindAttribute(node, name);
    if (keys != nullptr && KeyCount(*keys) > 0) return keys;
  }
  return nullptr;
}

using Types = std::unordered_map<std::string_view, const onnx::Type*>;  // by value

/// What the graph says of its values.
Types SaidTypes(const onnx::Graph& graph) {
  Types types;
  for (const auto* list : {&graph.value_info(), &graph.input(), &graph.output()}) {
    for (const onnx::ValueInfo& value : *list) types.emplace(value.name(), &value.type());
  }
  return types;
}

/// The type of ZipMap's input: as the model says it if it does, else f32 [?, classes].
onnx::Type TensorType(const Types& types, const std::string& name, int classes) {
  const auto said = types.find(name);
  if (said != types.end() && said->second->tensor_type().has_shape()) return *said->second;
  onnx::Type type;
  onnx::Type::TensorType& tensor = *type.mutable_tensor_type();
  tensor.set_elem_type(onnx::Tensor::FLOAT);
  tensor.mutable_shape()->add_dim();
  tensor.mutable_shape()->add_dim()->set_dim_value(classes);
  return type;
}

/// What a value has to be once ZipMap is gone.
struct Tensor {
  onnx::Type type;
  std::string keys;
};

/// By the name of the value that was a sequence of maps; an Identity's output has the tensor of its input.
using Tensors = std::unordered_map<std::string, std::shared_ptr<const Tensor>>;

void SetOutputs(const Tensors& tensors, onnx::Model& model) {
  std::map<std::string, std::string> metadata;
  for (onnx::ValueInfo& output : *model.mutable_graph()->mutable_output()) {
    const auto found = tensors.find(output.name());
    if (found == tensors.end()) continue;
    *output.mutable_type() = found->second->type;
    metadata[absl::StrCat("lamina.classes.", output.name())] = found->second->keys;
  }
  for (onnx::ValueInfo& value : *model.mutable_graph()->mutable_value_info()) {
    if (const auto found = tensors.find(value.name()); found != tensors.end())
      *value.mutable_type() = found->second->type;
  }
  SetMetadata(model, std::move(metadata));
}

}  // namespace

absl::Status RewriteZipMap(Context& context) {
  onnx::Graph& graph = *context.model.mutable_graph();
  const Types types = SaidTypes(graph);
  Tensors tensors;
  for (onnx::Node& node : *graph.mutable_node()) {
    const bool copies = IsOperator(node, "", "Identity") && node.input_size() == 1 && node.output_size() == 1 &&
                        tensors.contains(node.input(0));
    if (copies) tensors[node.output(0)] = tensors[node.input(0)];
    const auto is_maps = [&](const std::string& name) { return tensors.contains(name); };
    const bool reads = !copies && std::any_of(node.input().begin(), node.input().end(), is_maps);
    const onnx::Node* reader = reads ? &node : ReaderInside(node, is_maps);
    if (reader != nullptr) {
      return absl::InvalidArgumentError(
          absl::StrCat(Describe(*reader),
                       " reads the maps that ZipMap makes; maps can only be outputs of the model. Let "
                       "the node read ZipMap's input, a tensor."));
    }
    if (!IsOperator(node, kMl, "ZipMap")) continue;
    const onnx::Attribute* keys = ClassKeys(node);
    if (keys == nullptr || InputName(node, 0).empty() || node.input_size() != 1 || node.output_size() != 1 ||
        node.output(0).empty()) {
      return absl::InvalidArgumentError(absl::StrCat(
          Describe(node), " needs one input, one output and classlabels_strings or classlabels_int64s; it has ",
          node.input_size(), " inputs, ", node.output_size(), " outputs and ", keys == nullptr ? "no" : "some",
          " keys"));
    }
    tensors[node.output(0)] =
        std::make_shared<const Tensor>(Tensor{TensorType(types, node.input(0), KeyCount(*keys)), KeysAsJson(*keys)});
    context.Changed(node, "gives a tensor [N, C] in class order; keys in metadata lamina.classes.<output>");
    BecomeIdentity(node);
    context.Import("", 13);
  }
  // ZipMap's Identity would cost a copy: its input takes the output's name where it can.
  DropIdentities(graph, [&](const onnx::Node& identity) { return tensors.contains(identity.output(0)); });
  SetOutputs(tensors, context.model);
  return absl::OkStatus();
}

}  // namespace lamina::prepare
