#include "prepare/graph.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace lamina::prepare {

std::string_view NormalDomain(std::string_view domain) { return domain == "ai.onnx" ? std::string_view() : domain; }

std::string OperatorName(std::string_view domain, std::string_view name) {
  std::string text(NormalDomain(domain));
  if (!text.empty()) text += '.';
  return text.append(name);
}

std::string OperatorName(const onnx::Node& node) { return OperatorName(node.domain(), node.op_type()); }

bool IsOperator(const onnx::Node& node, std::string_view domain, std::string_view name) {
  return node.op_type() == name && NormalDomain(node.domain()) == domain;
}

bool OnlyMoves(const onnx::Node& node) {
  constexpr std::string_view kMoving[] = {"Flatten", "Identity",  "Reshape",  "Slice",
                                          "Squeeze", "Transpose", "Unsqueeze"};
  return NormalDomain(node.domain()).empty() &&
         std::find(std::begin(kMoving), std::end(kMoving), node.op_type()) != std::end(kMoving);
}

std::string Describe(const onnx::Node& node) {
  if (!node.name().empty()) return absl::StrCat("node '", node.name(), "' (", OperatorName(node), ")");
  const std::string output = node.output_size() > 0 ? node.output(0) : "";
  return absl::StrCat("the node that makes '", output, "' (", OperatorName(node), ")");
}

const onnx::Attribute* FindAttribute(const onnx::Node& node, std::string_view name) {
  for (const onnx::Attribute& attribute : node.attribute()) {
    if (attribute.name() == name) return &attribute;
  }
  return nullptr;
}

int64_t IntAttribute(const onnx::Node& node, std::string_view name, int64_t otherwise) {
  const onnx::Attribute* attribute = FindAttribute(node, name);
  return attribute != nullptr && attribute->has_i() ? attribute->i() : otherwise;
}

std::string StringAttribute(const onnx::Node& node, std::string_view name, std::string_view otherwise) {
  const onnx::Attribute* attribute = FindAttribute(node, name);
  return attribute != nullptr && attribute->has_s() ? attribute->s() : std::string(otherwise);
}

const std::string& InputName(const onnx::Node& node, int index) {
  static const std::string& absent = *new std::string;
  return index < node.input_size() ? node.input(index) : absent;
}

onnx::Node MakeNode(std::string_view op_type, std::initializer_list<std::string> inputs,
                    std::initializer_list<std::string> outputs) {
  onnx::Node node;
  node.set_op_type(std::string(op_type));
  for (const std::string& input : inputs) node.add_input(input);
  for (const std::string& output : outputs) node.add_output(output);
  if (outputs.size() > 0) node.set_name(*outputs.begin());
  return node;
}

void SetInt(onnx::Node& node, std::string_view name, int64_t value) {
  onnx::Attribute& attribute = *node.add_attribute();
  attribute.set_name(std::string(name));
  attribute.set_type(onnx::Attribute::INT);
  attribute.set_i(value);
}

void SetInts(onnx::Node& node, std::string_view name, std::initializer_list<int64_t> values) {
  onnx::Attribute& attribute = *node.add_attribute();
  attribute.set_name(std::string(name));
  attribute.set_type(onnx::Attribute::INTS);
  for (int64_t value : values) attribute.add_ints(value);
}

void BecomeIdentity(onnx::Node& node) {
  node.set_op_type("Identity");
  node.clear_domain();
  node.clear_overload();
  node.clear_attribute();
}

void AddInts(onnx::Graph& graph, const std::string& name, std::initializer_list<int64_t> values) {
  onnx::Tensor& tensor = *graph.add_initializer();
  tensor.set_name(name);
  tensor.set_data_type(onnx::Tensor::INT64);
  tensor.add_dims(static_cast<int64_t>(values.size()));
  for (int64_t value : values) tensor.add_int64_data(value);
}

void AddFloat(onnx::Graph& graph, const std::string& name, float value) {
  onnx::Tensor& tensor = *graph.add_initializer();
  tensor.set_name(name);
  tensor.set_data_type(onnx::Tensor::FLOAT);
  tensor.add_float_data(value);
}

void ForEachGraph(onnx::Node& node, const std::function<void(onnx::Graph&)>& visit) {
  for (onnx::Attribute& attribute : *node.mutable_attribute()) {
    if (attribute.has_g()) ForEachGraph(*attribute.mutable_g(), visit);
    for (onnx::Graph& inner : *attribute.mutable_graphs()) ForEachGraph(inner, visit);
  }
}

void ForEachGraph(onnx::Graph& graph, const std::function<void(onnx::Graph&)>& visit) {
  visit(graph);
  for (onnx::Node& node : *graph.mutable_node()) ForEachGraph(node, visit);
}

void ForEachGraph(const onnx::Graph& graph, const std::function<void(const onnx::Graph&)>& visit) {
  visit(graph);
  for (const onnx::Node& node : graph.node()) {
    for (const onnx::Attribute& attribute : node.attribute()) {
      if (attribute.has_g()) ForEachGraph(attribute.g(), visit);
      for (const onnx::Graph& inner : attribute.graphs()) ForEachGraph(inner, visit);
    }
  }
}

const onnx::Node* ReaderInside(onnx::Node& node, const std::function<bool(const std::string&)>& is_value) {
  const onnx::Node* reader = nullptr;
  ForEachGraph(node, [&](onnx::Graph& graph) {
    for (const onnx::Node& inner : graph.node()) {
      if (std::any_of(inner.input().begin(), inner.input().end(), is_value)) reader = &inner;
    }
    for (const onnx::ValueInfo& output : graph.output()) {
      if (is_value(output.name())) reader = &node;
    }
  });
  return reader;
}

void Rebuild(onnx::Graph& graph, const std::function<void(onnx::Node& node, NodeList& out)>& emit) {
  NodeList before;
  before.Swap(graph.mutable_node());
  for (onnx::Node& node : before) emit(node, *graph.mutable_node());
}

void EraseNodes(onnx::Graph& graph, const std::function<bool(const onnx::Node&)>& is_superfluous) {
  NodeList& nodes = *graph.mutable_node();
  nodes.erase(std::remove_if(nodes.begin(), nodes.end(), is_superfluous), nodes.end());
}

void RenameValues(onnx::Graph& graph, const NewNames& names) {
  const auto rename = [&](std::string* name) {
    if (const auto found = names.find(*name); found != names.end()) *name = found->second;
  };
  ForEachGraph(graph, [&](onnx::Graph& inner) {
    for (onnx::Node& node : *inner.mutable_node()) {
      for (std::string& input : *node.mutable_input()) rename(&input);
      for (std::string& output : *node.mutable_output()) rename(&output);
    }
    for (onnx::ValueInfo& value : *inner.mutable_value_info()) rename(value.mutable_name());
    if (&inner == &graph) return;  // the outermost graph's outputs keep their names
    for (onnx::ValueInfo& output : *inner.mutable_output()) rename(output.mutable_name());
  });
}

std::unordered_set<std::string> ValuesInside(const onnx::Graph& graph) {
  std::unordered_set<std::string> names;
  ForEachGraph(graph, [&](const onnx::Graph& inner) {
    if (&inner == &graph) return;
    for (const onnx::ValueInfo& input : inner.input()) names.insert(input.name());
    for (const onnx::Tensor& tensor : inner.initializer()) names.insert(tensor.name());
    for (const onnx::SparseTensor& tensor : inner.sparse_initializer()) names.insert(tensor.values().name());
    for (const onnx::Node& node : inner.node()) names.insert(node.output().begin(), node.output().end());
  });
  return names;
}

std::unordered_map<std::string, int> CountReaders(const onnx::Graph& graph) {
  std::unordered_map<std::string, int> readers;
  ForEachGraph(graph, [&](const onnx::Graph& inner) {
    for (const onnx::Node& node : inner.node()) {
      for (const std::string& input : node.input()) ++readers[input];
    }
    if (&inner == &graph) return;
    for (const onnx::ValueInfo& output : inner.output()) ++readers[output.name()];
  });
  return readers;
}

std::unordered_map<std::string_view, const onnx::Tensor*> FindConstants(const onnx::Graph& graph) {
  std::unordered_map<std::string_view, const onnx::Tensor*> constants;
  for (const onnx::Tensor& tensor : graph.initializer()) constants.emplace(tensor.name(), &tensor);
  for (const onnx::Node& node : graph.node()) {
    if (!IsOperator(node, "", "Constant") || node.output_size() != 1) continue;
    const onnx::Attribute* value = FindAttribute(node, "value");
    constants.emplace(node.output(0), value ? &value->t() : nullptr);
  }
  return constants;
}

int64_t ImportedVersion(const onnx::Model& model, std::string_view domain) {
  for (const onnx::OperatorSetId& import : model.opset_import()) {
    if (NormalDomain(import.domain()) == domain) return import.version();
  }
  return 0;
}

void SetMetadata(onnx::Model& model, std::map<std::string, std::string> entries) {
  for (onnx::StringStringEntry& entry : *model.mutable_metadata_props()) {
    const auto found = entries.find(entry.key());
    if (found == entries.end()) continue;
    entry.set_value(std::move(found->second));
    entries.erase(found);
  }
  for (auto& [key, value] : entries) {
    onnx::StringStringEntry& entry = *model.add_metadata_props();
    entry.set_key(key);
    entry.set_value(std::move(value));
  }
}

Names::Names(const onnx::Model& model) {
  ForEachGraph(model.graph(), [this](const onnx::Graph& graph) {
    for (const onnx::ValueInfo& value : graph.input()) taken_.insert(value.name());
    for (const onnx::ValueInfo& value : graph.output()) taken_.insert(value.name());
    for (const onnx::Tensor& tensor : graph.initializer()) taken_.insert(tensor.name());
    for (const onnx::SparseTensor& tensor : graph.sparse_initializer()) taken_.insert(tensor.values().name());
    for (const onnx::Node& node : graph.node()) {
      taken_.insert(node.name());
      taken_.insert(node.input().begin(), node.input().end());
      taken_.insert(node.output().begin(), node.output().end());
    }
  });
}

std::string Names::Fresh(std::string_view stem) {
  std::string name(stem);
  int& next = next_[name];
  while (!taken_.insert(name).second) name = absl::StrCat(std::string(stem), "_", ++next);
  return name;
}

}  // namespace lamina::prepare
