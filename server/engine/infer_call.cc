#include "server/engine/infer_call.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/api/status_macros.h"

namespace lamina::server {
namespace {

std::string Text(std::string_view view) { return std::string(view); }

std::string Names(const std::vector<TensorInfo>& tensors) {
  return absl::StrJoin(tensors, ", ", [](std::string* out, const TensorInfo& tensor) { out->append(tensor.name); });
}

std::string Required(const TensorInfo& info) { return info.any_rank ? "of any rank" : ShapeText(info.shape); }

absl::Status WrongShape(const InputTensor& tensor, const Port& port) {
  const auto& required = port.info.shape;
  const bool only_batch = tensor.shape.size() == required.size() && !required.empty() &&
                          tensor.shape[0] != required[0] &&
                          std::equal(tensor.shape.begin() + 1, tensor.shape.end(), required.begin() + 1);
  if (only_batch && port.shape[0].is_static()) {
    return absl::InvalidArgumentError(absl::StrCat("Input batch size is incorrect. Obtained batch size ",
                                                   tensor.shape[0], ", required batch size ", required[0], " (input ",
                                                   port.info.name, ")"));
  }
  return absl::InvalidArgumentError(absl::StrCat("The input data is incorrect. Obtained shape ",
                                                 ShapeText(tensor.shape), ", required shape ", Required(port.info),
                                                 " (input ", port.info.name, ")"));
}

bool ShapeFits(const InputTensor& tensor, const Port& port) {
  if (port.info.any_rank) return true;
  if (tensor.shape.size() != port.info.shape.size()) return false;
  for (size_t i = 0; i < tensor.shape.size(); ++i) {
    if (!port.shape[i].compatible(ov::Dimension(tensor.shape[i]))) return false;
  }
  return true;
}

absl::Status CheckSize(const InputTensor& tensor, const Port& port) {
  const std::optional<size_t> count = ElementCount(tensor.shape);
  if (!count) {
    return absl::InvalidArgumentError(
        absl::StrCat("The input ", port.info.name, " has the shape ", ShapeText(tensor.shape),
                     ", which is no shape of data; give every dimension a size of 0 or more."));
  }
  const bool strings = tensor.type == ElementType::kString;
  const size_t size = strings ? tensor.strings.size() : tensor.data.size();
  const size_t width = strings ? 1 : ElementSize(tensor.type);
  // Divided, not multiplied: the count may be anything.
  if (size % width == 0 && size / width == *count) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      "The input ", port.info.name, " has ", size, strings ? " strings" : " bytes", ", but its shape ",
      ShapeText(tensor.shape), " of ", Text(ElementTypeName(tensor.type)), " takes ", *count, " x ", width, "."));
}

absl::Status CheckInput(const InputTensor& tensor, const Port& port) {
  if (tensor.type != port.info.type) {
    return absl::InvalidArgumentError(absl::StrCat("The input ", port.info.name, " has the element type ",
                                                   Text(ElementTypeName(tensor.type)), ", required is ",
                                                   Text(ElementTypeName(port.info.type)), "."));
  }
  if (std::any_of(tensor.shape.begin(), tensor.shape.end(), [](int64_t size) { return size < 0; }) ||
      !ShapeFits(tensor, port)) {
    return WrongShape(tensor, port);
  }
  return CheckSize(tensor, port);
}

absl::Status CheckInputs(const InferRequest& request, const Ports& ports, InferCall& call) {
  call.inputs.assign(ports.inputs().size(), nullptr);
  for (const InputTensor& tensor : request.inputs) {
    const int index = ports.FindInput(tensor.name);
    if (index < 0) {
      return absl::InvalidArgumentError(absl::StrCat("input tensor alias not found in signature: ", Text(tensor.name),
                                                     ". Inputs expected to be in the set {",
                                                     Names(ports.signature()->inputs), "}."));
    }
    if (call.inputs[index] != nullptr) {
      return absl::InvalidArgumentError(absl::StrCat("The input ", Text(tensor.name), " is given twice."));
    }
    LAMINA_RETURN_IF_ERROR(CheckInput(tensor, ports.inputs()[index]));
    call.inputs[index] = &tensor;
  }
  const auto missing = std::find(call.inputs.begin(), call.inputs.end(), nullptr);
  if (missing == call.inputs.end()) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("The input ", ports.inputs()[missing - call.inputs.begin()].info.name,
                                                 " is missing. The model's inputs are {",
                                                 Names(ports.signature()->inputs), "}."));
}

absl::Status CheckOutputs(const InferRequest& request, const Ports& ports, InferCall& call) {
  if (request.outputs.empty()) {
    for (size_t i = 0; i < ports.outputs().size(); ++i) call.outputs.push_back(i);
    return absl::OkStatus();
  }
  for (const std::string_view name : request.outputs) {
    const int index = ports.FindOutput(name);
    if (index < 0) {
      return absl::InvalidArgumentError(absl::StrCat("output tensor alias not found in signature: ", Text(name),
                                                     ". Outputs expected to be in the set {",
                                                     Names(ports.signature()->outputs), "}."));
    }
    if (std::find(call.outputs.begin(), call.outputs.end(), static_cast<size_t>(index)) != call.outputs.end()) {
      return absl::InvalidArgumentError(absl::StrCat("The output ", Text(name), " is asked for twice."));
    }
    call.outputs.push_back(index);
  }
  return absl::OkStatus();
}

/// What the engine's strings take, which are std::string.
size_t MemoryOfStrings(const InputTensor& tensor) {
  const size_t inside = std::string().capacity();
  size_t size = tensor.strings.size() * sizeof(std::string);
  for (const std::string_view text : tensor.strings) size += text.size() > inside ? text.size() + 1 : 0;
  return size;
}

}  // namespace

absl::Status CheckRequest(const InferRequest& request, const Ports& ports, std::string_view model, InferCall& call) {
  if (request.cancelled.stop_requested()) return absl::CancelledError("The client cancelled the request.");
  if (std::chrono::steady_clock::now() >= request.deadline) {
    return absl::DeadlineExceededError(
        absl::StrCat("The request's deadline passed before ", Text(model), " could begin with it."));
  }
  LAMINA_RETURN_IF_ERROR(CheckInputs(request, ports, call));
  LAMINA_RETURN_IF_ERROR(CheckOutputs(request, ports, call));
  for (const InputTensor* tensor : call.inputs) {
    if (!tensor->strings.empty()) LAMINA_RETURN_IF_ERROR(call.memory.Take(MemoryOfStrings(*tensor)));
  }
  call.request = &request;
  return absl::OkStatus();
}

}  // namespace lamina::server
