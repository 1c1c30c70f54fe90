// A model input that is a map becomes a tensor [N, C], one row a map. The operator that read the map goes to a layer,
// if one takes it, or becomes what the engine has for it:
// - ai.onnx.ml.DictVectorizer: a column a key in the order of its vocabulary; a key that the map lacks is 0 (or "").
//   The keys are kept in the model's metadata as lamina.keys.<input>, a JSON list.
// - ai.onnx.ml.CastMap: a column a value in ascending order of the map's keys (map_form DENSE), or column k for key k,
//   0 where the map has none (SPARSE, max_map columns); then the values are cast as cast_to says.
#include <map>
#include <string>
#include <unordered_map>

#include "absl/strings/str_cat.h"
#include "prepare/classes.h"
#include "prepare/rewrites/rewrites.h"

namespace lamina::prepare {
namespace {

constexpr std::string_view kMl = "ai.onnx.ml";

/// A map input and what is known of it so far.
struct MapInput {
  onnx::ValueInfo* value = nullptr;
  int element_type = onnx::Tensor::UNDEFINED;
  std::string keys;             // "" before a reader has told
  bool has_vocabulary = false;  // keys are then JSON
  int64_t columns = -1;
};

/// Notes that `node` wants the map's values in these columns. Two readers must agree.
absl::Status Agree(const onnx::Node& node, const std::string& keys, int64_t columns, MapInput& input) {
  if (!input.keys.empty() && (input.keys != keys || input.columns != columns)) {
    return absl::InvalidArgumentError(absl::StrCat(
        Describe(node), " reads the map '", input.value->name(), "' with the keys ", keys, ", another node with ",
        input.keys, "; as one tensor it can have only one order. Give each reader its own input."));
  }
  input.keys = keys;
  input.columns = columns;
  return absl::OkStatus();
}

absl::Status RewriteDictVectorizer(Context& context, onnx::Node& node, MapInput& input) {
  const onnx::Attribute* vocabulary = FindAttribute(node, "string_vocabulary");
  if (vocabulary == nullptr || KeyCount(*vocabulary) == 0) vocabulary = FindAttribute(node, "int64_vocabulary");
  if (vocabulary == nullptr || KeyCount(*vocabulary) == 0) {
    return absl::InvalidArgumentError(
        absl::StrCat(Describe(node), " has neither string_vocabulary nor int64_vocabulary; it needs one of them"));
  }
  const std::string keys = KeysAsJson(*vocabulary);
  if (absl::Status status = Agree(node, keys, KeyCount(*vocabulary), input); !status.ok()) return status;
  context.Changed(node, "its map input is a tensor [N, C] in vocabulary order; keys in metadata lamina.keys.<input>");
  input.has_vocabulary = true;
  if (!context.TakenByLayer(node)) BecomeIdentity(node);
  return absl::OkStatus();
}

absl::Status RewriteCastMap(Context& context, onnx::Node& node, MapInput& input) {
  const std::string to = StringAttribute(node, "cast_to", "TO_FLOAT");
  const int type = to == "TO_FLOAT"    ? onnx::Tensor::FLOAT
                   : to == "TO_STRING" ? onnx::Tensor::STRING
                   : to == "TO_INT64"  ? onnx::Tensor::INT64
                                       : onnx::Tensor::UNDEFINED;
  if (type == onnx::Tensor::UNDEFINED) {
    return absl::InvalidArgumentError(
        absl::StrCat(Describe(node), ": cast_to is '", to, "', not TO_FLOAT, TO_STRING or TO_INT64"));
  }
  const bool sparse = StringAttribute(node, "map_form", "DENSE") == "SPARSE";
  const int64_t columns = sparse ? IntAttribute(node, "max_map", 1) : -1;
  if (absl::Status status = Agree(node, sparse ? "by position" : "ascending", columns, input); !status.ok())
    return status;
  context.Changed(node, sparse ? "its map input is a tensor [N, max_map], column k for key k"
                               : "its map input is a tensor [N, C] in ascending order of keys");
  if (context.TakenByLayer(node)) return absl::OkStatus();
  BecomeIdentity(node);
  if (type != input.element_type) {
    node.set_op_type("Cast");
    SetInt(node, "to", type);
  }
  return absl::OkStatus();
}

void BecomeTensor(const MapInput& input) {
  onnx::Type::TensorType& tensor = *input.value->mutable_type()->mutable_tensor_type();
  tensor.set_elem_type(input.element_type);
  tensor.mutable_shape()->add_dim();
  auto* columns = tensor.mutable_shape()->add_dim();
  if (input.columns >= 0) columns->set_dim_value(input.columns);
}

}  // namespace

absl::Status RewriteMapInputs(Context& context) {
  onnx::Graph& graph = *context.model.mutable_graph();
  std::unordered_map<std::string, MapInput> maps;
  for (onnx::ValueInfo& value : *graph.mutable_input()) {
    if (!value.type().has_map_type()) continue;
    maps[value.name()] = {&value, value.type().map_type().value_type().tensor_type().elem_type()};
  }
  if (maps.empty()) return absl::OkStatus();
  context.Import("", 13);
  for (onnx::Node& node : *graph.mutable_node()) {
    if (const onnx::Node* reader = ReaderInside(node, [&](const std::string& name) { return maps.contains(name); })) {
      return absl::InvalidArgumentError(
          absl::StrCat(Describe(*reader), " reads a map in a graph inside ", Describe(node),
                       "; a map has a tensor form only where the model's own nodes read it"));
    }
    for (const std::string& name : node.input()) {
      const auto found = maps.find(name);
      if (found == maps.end()) continue;
      absl::Status status;
      if (IsOperator(node, kMl, "DictVectorizer")) {
        status = RewriteDictVectorizer(context, node, found->second);
      } else if (IsOperator(node, kMl, "CastMap")) {
        status = RewriteCastMap(context, node, found->second);
      } else {
        status = absl::InvalidArgumentError(absl::StrCat(Describe(node), " reads the map '", name,
                                                         "'; only DictVectorizer and CastMap have a tensor form"));
      }
      if (!status.ok()) return status;
      break;
    }
  }
  std::map<std::string, std::string> metadata;
  for (const auto& [name, input] : maps) {
    BecomeTensor(input);
    if (input.has_vocabulary) metadata[absl::StrCat("lamina.keys.", name)] = input.keys;
  }
  SetMetadata(context.model, std::move(metadata));
  return absl::OkStatus();
}

}  // namespace lamina::prepare
