#include "server/engine/ports.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "openvino/op/result.hpp"
#include "server/api/status_macros.h"
#include "server/engine/ov_types.h"

namespace lamina::server {
namespace {

/// Works for ports of const and of other nodes.
template <typename Output>
std::string NameOf(const Output& port) {
  const auto* node = port.get_node();
  const bool is_result = dynamic_cast<const ov::op::v0::Result*>(node) != nullptr;
  const ov::Output<ov::Node> source = is_result ? node->input_value(0) : ov::Output<ov::Node>();
  std::string operation = is_result ? source.get_node()->get_friendly_name() : node->get_friendly_name();
  const auto& names = port.get_names();
  // Of several names the one that a front-end also gave to the port's own node, as TensorFlow's does with "y:0".
  if (names.count(node->get_friendly_name())) return node->get_friendly_name();
  if (names.count(operation)) return operation;
  if (!names.empty()) return port.get_any_name();
  const bool numbered = is_result && source.get_node()->get_output_size() > 1;
  return numbered ? absl::StrCat(operation, ".", source.get_index()) : operation;
}

using ConstPorts = std::vector<ov::Output<const ov::Node>>;

bool IsCalled(const ov::Output<const ov::Node>& port, const std::string& tensor) {
  return NameOf(port) == tensor || port.get_names().count(tensor) != 0;
}

void AddUnknown(const std::map<std::string, std::string>& aliases, const ConstPorts& ports, const char* part,
                std::vector<std::string>& unknown) {
  for (const auto& [tensor, alias] : aliases) {
    const auto is_called = [&tensor = tensor](const auto& port) { return IsCalled(port, tensor); };
    if (std::ranges::none_of(ports, is_called)) unknown.push_back(absl::StrCat(part, ".", tensor));
  }
}

std::string NamesOf(const ConstPorts& ports) {
  return absl::StrJoin(ports, ", ", [](std::string* out, const auto& port) { out->append(NameOf(port)); });
}

/// Where ReadModel and IR keep it: run-time info `lamina`, `<kind>.<tensor>`.
void AddProperties(const ov::Model& model, const char* kind, const ConstPorts& ports, const std::vector<Port>& served,
                   std::map<std::string, std::string>& properties) {
  for (size_t i = 0; i < ports.size(); ++i) {
    std::unordered_set<std::string> names = ports[i].get_names();
    names.insert(NameOf(ports[i]));
    for (const std::string& name : names) {
      const std::string key = absl::StrCat(kind, ".", name);
      if (!model.has_rt_info("lamina", key)) continue;
      properties.emplace(absl::StrCat("lamina.", kind, ".", served[i].info.name),
                         model.get_rt_info<std::string>("lamina", key));
    }
  }
}

}  // namespace

std::string UnknownNames(const NameMapping& names, const ov::Model& model) {
  std::vector<std::string> unknown;
  AddUnknown(names.inputs, model.inputs(), "inputs", unknown);
  AddUnknown(names.outputs, model.outputs(), "outputs", unknown);
  if (unknown.empty()) return "";
  return absl::StrCat("mapping_config.json names ", absl::StrJoin(unknown, ", "),
                      ", which the model does not have: its inputs are {", NamesOf(model.inputs()), "}, its outputs {",
                      NamesOf(model.outputs()), "}; correct the name, or leave it out");
}

std::string PortName(const ov::Output<ov::Node>& port) { return NameOf(port); }

int Ports::Find(const Index& index, std::string_view name) {
  const auto found = index.find(absl::string_view(name.data(), name.size()));
  return found == index.end() ? -1 : found->second;
}

absl::StatusOr<std::vector<Port>> Ports::Describe(const ConstPorts& ports,
                                                  const std::map<std::string, std::string>& aliases, const char* kind,
                                                  Index& index) {
  std::vector<Port> described;
  for (size_t i = 0; i < ports.size(); ++i) {
    Port port;
    port.info.name = NameOf(ports[i]);
    for (const auto& [tensor, alias] : aliases) {
      if (IsCalled(ports[i], tensor)) port.info.name = alias;
    }
    port.type = ports[i].get_element_type();
    port.info.type = FromOv(port.type);
    if (port.info.type == ElementType::kUndefined) {
      return absl::FailedPreconditionError(absl::StrCat("the ", kind, " \"", port.info.name, "\" has the element type ",
                                                        port.type.to_string(),
                                                        ", which no protocol carries; convert it inside the model"));
    }
    port.shape = ports[i].get_partial_shape();
    port.info.any_rank = port.shape.rank().is_dynamic();
    if (!port.info.any_rank) port.info.shape = FromOv(port.shape);
    port.fixed = port.shape.is_static();
    if (port.fixed) port.byte_size = ov::shape_size(port.shape.to_shape()) * ElementSize(port.info.type);
    if (!index.emplace(port.info.name, i).second) {
      return absl::FailedPreconditionError(absl::StrCat("two ", kind, "s are called \"", port.info.name,
                                                        "\"; give them different names in mapping_config.json"));
    }
    described.push_back(std::move(port));
  }
  // A tensor's other names are good, too, unless another tensor is served under them.
  for (size_t i = 0; i < ports.size(); ++i) {
    for (const std::string& name : ports[i].get_names()) index.emplace(name, i);
  }
  return described;
}

absl::Status WrongSize(const Port& port, size_t got, size_t wanted) {
  return absl::InternalError(
      absl::StrCat("The reply gives ", got, " bytes for the output ", port.info.name, ", which has ", wanted, "."));
}

absl::StatusOr<Ports> Ports::Of(const ov::Model& model, const NameMapping& names) {
  if (model.outputs().empty()) {
    return absl::FailedPreconditionError("the model has no output; see whether its file is whole");
  }
  Ports ports;
  LAMINA_ASSIGN_OR_RETURN(ports.inputs_, Describe(model.inputs(), names.inputs, "input", ports.input_index_));
  LAMINA_ASSIGN_OR_RETURN(ports.outputs_, Describe(model.outputs(), names.outputs, "output", ports.output_index_));
  auto signature = std::make_shared<Signature>();
  for (const Port& port : ports.inputs_) {
    signature->inputs.push_back(port.info);
    ports.fixed_ &= port.fixed;
  }
  for (const Port& port : ports.outputs_) signature->outputs.push_back(port.info);
  AddProperties(model, "keys", model.inputs(), ports.inputs_, signature->properties);
  AddProperties(model, "classes", model.outputs(), ports.outputs_, signature->properties);
  ports.signature_ = std::move(signature);
  return ports;
}

}  // namespace lamina::server
