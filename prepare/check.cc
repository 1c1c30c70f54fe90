#include "prepare/check.h"

#include <climits>
#include <string>
#include <unordered_set>

#include "absl/strings/str_cat.h"
#include "google/protobuf/io/coded_stream.h"
#include "prepare/check_locations.h"
#include "prepare/graph.h"

namespace lamina::prepare {
namespace {

using google::protobuf::io::CodedInputStream;

/// What the front-end of OpenVINO 2026.4.1 ends the process without, instead of saying so.
struct Need {
  std::string_view domain, op;
  int inputs;
  std::string_view attribute;
};
constexpr Need kNeeds[] = {
    {"", "Conv", 2, ""},
    {"", "DetectionOutput", 3, ""},
    {"", "ExperimentalDetectronDetectionOutput", 4, ""},
    {"", "ExperimentalDetectronPriorGridGenerator", 3, ""},
    {"", "ExperimentalDetectronTopKROIs", 2, ""},
    {"com.microsoft", "Attention", 2, "num_heads"},
    {"com.microsoft", "FusedConv", 2, ""},
    {"com.microsoft", "Pad", 2, ""},
    {"org.openvinotoolkit", "ExperimentalDetectronDetectionOutput", 4, ""},
    {"org.openvinotoolkit", "ExperimentalDetectronPriorGridGenerator", 3, ""},
    {"org.openvinotoolkit", "ExperimentalDetectronTopKROIs", 2, ""},
};

absl::Status CheckNeeds(const onnx::Node& node, int64_t opset) {
  const auto inputs = [&](int count) -> absl::Status {
    if (node.input_size() >= count) return absl::OkStatus();
    return absl::InvalidArgumentError(
        absl::StrCat(Describe(node), " has ", node.input_size(), " inputs; it needs at least ", count));
  };
  // Pad's amounts became an input in version 11.
  if (IsOperator(node, "", "Pad") && opset >= 11) return inputs(2);
  for (const Need& need : kNeeds) {
    if (!IsOperator(node, need.domain, need.op)) continue;
    if (absl::Status status = inputs(need.inputs); !status.ok()) return status;
    if (!need.attribute.empty() && FindAttribute(node, need.attribute) == nullptr) {
      return absl::InvalidArgumentError(
          absl::StrCat(Describe(node), " lacks its attribute ", std::string(need.attribute)));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckNode(const onnx::Node& node, int64_t opset) {
  if (node.op_type().empty()) return absl::InvalidArgumentError(absl::StrCat(Describe(node), " names no operator"));
  if (node.output().empty()) {
    const std::string name = node.name().empty() ? "" : absl::StrCat(" '", node.name(), "'");
    return absl::InvalidArgumentError(absl::StrCat("node", name, " (", OperatorName(node), ") has no outputs"));
  }
  return CheckNeeds(node, opset);
}

/// The values that a graph's nodes can read: its own and those of the graphs around it.
struct Visible {
  const Visible* around;
  std::unordered_set<std::string_view> own;

  bool Has(std::string_view name) const { return own.contains(name) || (around != nullptr && around->Has(name)); }
};

absl::Status NoMaker(const std::string& output) {
  return absl::InvalidArgumentError(absl::StrCat("output '", output, "' is made by no node"));
}

absl::Status CollectInput(const std::string& name, Visible& visible) {
  if (name.empty() || visible.own.insert(name).second) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("there are two inputs '", name, "'; each has its own name"));
}

absl::Status CollectMade(const NodeList& nodes, Visible& visible) {
  for (const onnx::Node& node : nodes) {
    for (const std::string& output : node.output()) {
      if (output.empty() || visible.own.insert(output).second) continue;
      return absl::InvalidArgumentError(
          absl::StrCat(Describe(node), " makes '", output, "', which is there already; each value has one maker"));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckGraph(const onnx::Graph& graph, const Visible* around, int64_t opset);

absl::Status CheckNodes(const NodeList& nodes, const Visible& visible, int64_t opset) {
  for (const onnx::Node& node : nodes) {
    if (absl::Status status = CheckNode(node, opset); !status.ok()) return status;
    for (const std::string& input : node.input()) {
      if (input.empty() || visible.Has(input)) continue;
      return absl::InvalidArgumentError(absl::StrCat(Describe(node), " reads '", input, "', which nothing makes"));
    }
    for (const onnx::Attribute& attribute : node.attribute()) {
      absl::Status status;
      if (attribute.has_g()) status = CheckGraph(attribute.g(), &visible, opset);
      for (const onnx::Graph& inner : attribute.graphs()) status.Update(CheckGraph(inner, &visible, opset));
      if (!status.ok()) return status;
    }
  }
  return absl::OkStatus();
}

absl::Status CheckGraph(const onnx::Graph& graph, const Visible* around, int64_t opset) {
  Visible visible{around, {}};
  for (const onnx::ValueInfo& input : graph.input()) {
    if (absl::Status status = CollectInput(input.name(), visible); !status.ok()) return status;
  }
  for (const onnx::Tensor& tensor : graph.initializer()) visible.own.insert(tensor.name());
  for (const onnx::SparseTensor& tensor : graph.sparse_initializer()) visible.own.insert(tensor.values().name());
  if (absl::Status status = CollectMade(graph.node(), visible); !status.ok()) return status;
  if (absl::Status status = CheckNodes(graph.node(), visible, opset); !status.ok()) return status;
  for (const onnx::ValueInfo& output : graph.output()) {
    if (!visible.Has(output.name())) return NoMaker(output.name());
  }
  return absl::OkStatus();
}

/// What is in a function takes the place of its calls.
absl::Status CheckFunction(const onnx::Function& function, int64_t opset) {
  Visible visible{nullptr, {}};
  for (const std::string& input : function.input()) {
    if (absl::Status status = CollectInput(input, visible); !status.ok()) return status;
  }
  if (absl::Status status = CollectMade(function.node(), visible); !status.ok()) return status;
  if (absl::Status status = CheckNodes(function.node(), visible, opset); !status.ok()) return status;
  for (const std::string& output : function.output()) {
    if (!visible.Has(output)) return NoMaker(output);
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status ParseModel(std::string_view bytes, onnx::Model& model) {
  if (bytes.empty()) return absl::InvalidArgumentError("it is empty; an ONNX model was expected");
  if (bytes.starts_with("version https://git-lfs")) {
    return absl::InvalidArgumentError(
        "it is a pointer of git-lfs, not the model; run 'git lfs pull' where it comes from");
  }
  if (bytes.size() > INT_MAX) {
    return absl::InvalidArgumentError(absl::StrCat("it has ", bytes.size(),
                                                   " bytes, an ONNX file at most 2147483647; save its weights "
                                                   "as external data"));
  }
  if (!model.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return absl::InvalidArgumentError(absl::StrCat(
        "its ", bytes.size(), " bytes are no ONNX model, or one that was cut off or damaged; export or copy it again"));
  }
  if (!model.has_graph() || (model.graph().node().empty() && model.graph().output().empty())) {
    return absl::InvalidArgumentError("it holds no graph; an ONNX model was expected");
  }
  if (model.graph().output().empty()) {
    return absl::InvalidArgumentError("its graph has no output; declare what the model is to compute as outputs of it");
  }
  return absl::OkStatus();
}

bool LooksLikeOnnx(std::string_view bytes) {
  if (bytes.empty() || bytes.size() > INT_MAX) return false;
  CodedInputStream stream(reinterpret_cast<const uint8_t*>(bytes.data()), static_cast<int>(bytes.size()));
  bool has_version = false;
  while (const uint32_t tag = stream.ReadTagNoLastTag()) {
    const uint32_t field = tag >> 3, kind = tag & 7;
    uint64_t number = 0;
    uint32_t size = 0;
    if (kind == 0) {
      if (!stream.ReadVarint64(&number)) return false;
      has_version = has_version || (field == 1 && number > 0);
    } else if (kind == 2) {
      if (!stream.ReadVarint32(&size)) return false;
      // 1 is the version; 7 is the graph, whose content need not be looked at.
      if (field == 1) return false;
      if (field == 7) return has_version;
      if (!stream.Skip(static_cast<int>(size))) return false;
    } else {
      return false;
    }
  }
  return false;
}

absl::Status CheckModel(const onnx::Model& model) {
  const int64_t opset = ImportedVersion(model, "");
  for (const onnx::Function& function : model.functions()) {
    if (absl::Status status = CheckFunction(function, opset); !status.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat("function '", function.name(), "': ", std::string(status.message())));
    }
  }
  if (absl::Status status = CheckLocations(model); !status.ok()) return status;
  return CheckGraph(model.graph(), nullptr, opset);
}

}  // namespace lamina::prepare
