#include <google/protobuf/util/message_differencer.h>

#include "server/protocols/kserve/call.h"
#include "server/protocols/reference/difference.h"
#include "server/protocols/reference/kserve_infer.h"
#include "server/protocols/reference/same.h"
#include "server/protocols/reference/write_outputs.h"

namespace lamina::server {
namespace {

using inference::InferParameter;
using inference::ModelInferRequest;
using inference::ModelInferResponse;

KserveParameter Ours(const InferParameter& theirs) {
  switch (theirs.parameter_choice_case()) {
    case InferParameter::kBoolParam:
      return theirs.bool_param();
    case InferParameter::kInt64Param:
      return theirs.int64_param();
    case InferParameter::kStringParam:
      return std::string_view(theirs.string_param());
    case InferParameter::kDoubleParam:
      return theirs.double_param();
    case InferParameter::kUint64Param:
      return theirs.uint64_param();
    default:
      return {};
  }
}

bool Same(const KserveParameter& ours, const KserveParameter& theirs) {
  const auto* a = std::get_if<double>(&ours);
  const auto* b = std::get_if<double>(&theirs);
  return a && b ? std::memcmp(a, b, sizeof(*a)) == 0 : ours == theirs;
}

void SameParameters(const char* what, const KserveParameters& ours,
                    const google::protobuf::Map<std::string, InferParameter>& theirs, Differences& differences) {
  const auto all = ours.All();
  differences.Same(what, all.size(), theirs.size());
  differences.Same(what, ours.empty(), theirs.empty());
  for (const auto& [name, parameter] : theirs) {
    const auto found = ours.Find(name);
    if (!found || !Same(*found, Ours(parameter))) differences.Add(what);
    if (const auto in_all = all.find(name); in_all == all.end() || !Same(in_all->second, Ours(parameter))) {
      differences.Add(what);
    }
  }
}

void SameInput(WireBytes bytes, const ModelInferRequest::InferInputTensor& theirs, Differences& differences) {
  absl::InlinedVector<int64_t, 16> shape;
  const KserveInputMessage ours(bytes, shape);
  differences.Same("name", ours.name, theirs.name());
  differences.Same("datatype", ours.datatype, theirs.datatype());
  if (!std::equal(shape.begin(), shape.end(), theirs.shape().begin(), theirs.shape().end())) differences.Add("shape");
  SameParameters("input's parameters", ours.parameters, theirs.parameters(), differences);
  differences.Same("has contents", !ours.contents.empty(), theirs.has_contents());
  const inference::InferTensorContents& contents = theirs.contents();
  differences.SameList("bool_contents", ours.contents, 1, contents.bool_contents());
  differences.SameList("int_contents", ours.contents, 2, contents.int_contents());
  differences.SameList("int64_contents", ours.contents, 3, contents.int64_contents());
  differences.SameList("uint_contents", ours.contents, 4, contents.uint_contents());
  differences.SameList("uint64_contents", ours.contents, 5, contents.uint64_contents());
  differences.SameList("fp32_contents", ours.contents, 6, contents.fp32_contents());
  differences.SameList("fp64_contents", ours.contents, 7, contents.fp64_contents());
  differences.SameTexts("bytes_contents", ours.contents, 8, contents.bytes_contents());
}

void SameMessage(const KserveRequestMessage& ours, const ModelInferRequest& theirs, Differences& differences) {
  differences.Same("model_name", ours.model_name, theirs.model_name());
  differences.Same("model_version", ours.model_version, theirs.model_version());
  differences.Same("id", ours.id, theirs.id());
  SameParameters("parameters", ours.parameters, theirs.parameters(), differences);
  if (ours.inputs.size() != static_cast<size_t>(theirs.inputs_size())) return differences.Add("inputs");
  for (int i = 0; i < theirs.inputs_size(); ++i) SameInput(ours.inputs[i], theirs.inputs(i), differences);
  if (ours.outputs.size() != static_cast<size_t>(theirs.outputs_size())) return differences.Add("outputs");
  for (int i = 0; i < theirs.outputs_size(); ++i) {
    const KserveOutputMessage output(ours.outputs[i]);
    differences.Same("output's name", output.name, theirs.outputs(i).name());
    SameParameters("output's parameters", output.parameters, theirs.outputs(i).parameters(), differences);
  }
  const auto& raw = theirs.raw_input_contents();
  if (ours.raw_input_contents.size() != static_cast<size_t>(raw.size())) return differences.Add("raw_input_contents");
  for (int i = 0; i < raw.size(); ++i) {
    if (!std::ranges::equal(ours.raw_input_contents[i], std::as_bytes(std::span(raw[i])))) {
      differences.Add("raw_input_contents");
    }
  }
}

void SameRequest(const InferRequest& ours, const InferRequest& theirs, Differences& differences) {
  differences.Same("model", ours.model, theirs.model);
  differences.Same("version", ours.version.version, theirs.version.version);
  differences.Same("label", ours.version.label, theirs.version.label);
  if (!std::ranges::equal(ours.outputs, theirs.outputs)) differences.Add("the outputs wanted");
  if (ours.inputs.size() != theirs.inputs.size()) return differences.Add("the number of inputs");
  for (size_t i = 0; i < ours.inputs.size(); ++i) differences.SameTensor(ours.inputs[i], theirs.inputs[i]);
}

/// The answers, as protobuf reads ours.
void SameResponse(KserveCall& ours, KserveInfer& theirs, const ModelInferResponse& response, Differences& differences) {
  const absl::Status status = WriteOutputs(ours.request(), ours.outputs());
  differences.Same("status of outputs", status, WriteOutputs(theirs.request(), theirs.outputs()));
  if (!status.ok()) return;
  const InferResult result = {.version = 42};
  theirs.Finish(result);
  ModelInferResponse read;
  if (!read.ParseFromString(Join(*ours.Finish(result)))) return differences.Add("protobuf does not take the response");
  if (!google::protobuf::util::MessageDifferencer::Equals(read, response)) differences.Add("response");
}

}  // namespace

Comparison CompareModelInfer(WireBytes message) {
  ModelInferRequest theirs;
  Comparison comparison = {.is_message = theirs.ParseFromArray(message.data(), static_cast<int>(message.size()))};
  KserveCall call;
  const absl::Status status = call.Read(message);
  KserveRequestMessage ours;
  Differences differences;
  differences.Same("whether it is a message", ours.Read(message).ok(), comparison.is_message);
  if (comparison.is_message && differences.text().empty()) {
    SameMessage(ours, theirs, differences);
    ModelInferResponse response;
    KserveInfer infer(theirs, response);
    differences.Same("status", status, infer.Read());
    comparison.is_request = status.ok();
    if (status.ok() && differences.text().empty()) {
      SameRequest(call.request(), infer.request(), differences);
      SameResponse(call, infer, response, differences);
    }
  } else if (status.ok()) {
    differences.Add("no message, but a request");
  }
  comparison.difference = differences.text();
  return comparison;
}

}  // namespace lamina::server
