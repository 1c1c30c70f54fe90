#include <google/protobuf/util/message_differencer.h>

#include "server/protocols/reference/difference.h"
#include "server/protocols/reference/same.h"
#include "server/protocols/reference/tfserving_predict.h"
#include "server/protocols/reference/write_outputs.h"
#include "server/protocols/tfserving/call.h"

namespace lamina::server {
namespace {

using tensorflow::TensorProto;
using tensorflow::serving::PredictRequest;
using tensorflow::serving::PredictResponse;

/// A tensor that leaves out so many elements is not read: it would be right, and slow.
constexpr size_t kMostElements = 1 << 16;

void SameSpec(const TfModelSpec& ours, const tensorflow::serving::ModelSpec& theirs, Differences& differences) {
  differences.Same("name", ours.name, theirs.name());
  differences.Same("signature_name", ours.signature_name, theirs.signature_name());
  differences.Same("has version", ours.version.has_value(), theirs.has_version());
  differences.Same("version", ours.version.value_or(0), theirs.version().value());
  differences.Same("has version_label", ours.version_label.has_value(), theirs.has_version_label());
  differences.Same("version_label", ours.version_label.value_or(std::string_view()), theirs.version_label());
}

void SameTensorMessage(const WirePieces& pieces, const TensorProto& theirs, Differences& differences) {
  absl::InlinedVector<int64_t, 16> shape;
  const TfTensorMessage ours(pieces, shape);
  differences.Same("dtype", ours.dtype, static_cast<int>(theirs.dtype()));
  differences.Same("unknown_rank", ours.unknown_rank, theirs.tensor_shape().unknown_rank());
  differences.Same("tensor_content", ours.tensor_content, theirs.tensor_content());
  differences.Same("rank", shape.size(), static_cast<size_t>(theirs.tensor_shape().dim_size()));
  for (size_t i = 0; i < shape.size() && differences.text().empty(); ++i) {
    differences.Same("dim", shape[i], theirs.tensor_shape().dim(static_cast<int>(i)).size());
  }
  differences.SameList("half_val", pieces, 13, theirs.half_val());
  differences.SameList("float_val", pieces, 5, theirs.float_val());
  differences.SameList("double_val", pieces, 6, theirs.double_val());
  differences.SameList("int_val", pieces, 7, theirs.int_val());
  differences.SameTexts("string_val", pieces, 8, theirs.string_val());
  differences.SameList("int64_val", pieces, 10, theirs.int64_val());
  differences.SameList("bool_val", pieces, 11, theirs.bool_val());
  differences.SameList("uint32_val", pieces, 16, theirs.uint32_val());
  differences.SameList("uint64_val", pieces, 17, theirs.uint64_val());
}

void SameMessage(const TfRequestMessage& ours, const PredictRequest& theirs, Differences& differences) {
  SameSpec(ours.model_spec(), theirs.model_spec(), differences);
  if (!std::equal(ours.output_filter().begin(), ours.output_filter().end(), theirs.output_filter().begin(),
                  theirs.output_filter().end())) {
    differences.Add("output_filter");
  }
  if (ours.inputs().size() != theirs.inputs().size()) return differences.Add("inputs");
  for (const TfInputMessage& input : ours.inputs()) {
    const auto found = theirs.inputs().find(std::string(input.name));
    if (found == theirs.inputs().end()) return differences.Add("an input's name");
    SameTensorMessage(input.tensor, found->second, differences);
  }
}

void SameRequest(const InferRequest& ours, const InferRequest& theirs, Differences& differences) {
  differences.Same("model", ours.model, theirs.model);
  differences.Same("version", ours.version.version, theirs.version.version);
  differences.Same("label", ours.version.label, theirs.version.label);
  if (!std::ranges::equal(ours.outputs, theirs.outputs)) differences.Add("the outputs wanted");
  if (ours.inputs.size() != theirs.inputs.size()) return differences.Add("the number of inputs");
  for (const InputTensor& tensor : ours.inputs) {
    // Protobuf's map has an order of its own.
    const auto found = std::ranges::find(theirs.inputs, tensor.name, &InputTensor::name);
    if (found == theirs.inputs.end()) return differences.Add("an input's name");
    differences.SameTensor(tensor, *found);
  }
}

/// The answers, as protobuf reads ours.
void SameResponse(TfCall& ours, TfPredict& theirs, const PredictResponse& response, Differences& differences) {
  const absl::Status status = WriteOutputs(ours.request(), ours.outputs());
  differences.Same("status of outputs", status, WriteOutputs(theirs.request(), theirs.outputs()));
  if (!status.ok()) return;
  const InferResult result = {.version = 42};
  theirs.Finish(result);
  PredictResponse read;
  if (!read.ParseFromString(Join(ours.Finish(result)))) return differences.Add("protobuf does not take the response");
  if (!google::protobuf::util::MessageDifferencer::Equals(read, response)) differences.Add("response");
}

void SameCall(WireBytes message, const PredictRequest& theirs, Comparison& comparison, Differences& differences) {
  TfCall call;
  const absl::Status ours = call.Read(message);
  PredictResponse response;
  TfPredict predict(theirs, response);
  const absl::Status status = predict.Read();
  // Of several inputs that are wrong either may be the first.
  differences.Same("status", ours.code(), status.code());
  if (theirs.inputs().size() < 2) differences.Same("message", ours.message(), status.message());
  comparison.is_request = ours.ok();
  if (!ours.ok() || !differences.text().empty()) return;
  SameRequest(call.request(), predict.request(), differences);
  SameResponse(call, predict, response, differences);
}

bool IsLarge(const PredictRequest& message) {
  return std::ranges::any_of(message.inputs(), [](const auto& input) {
    std::vector<int64_t> shape;
    for (const auto& dim : input.second.tensor_shape().dim()) shape.push_back(dim.size());
    const auto count = ElementCount(shape);
    return count && *count > kMostElements && *count <= TfRequestTensors::kMostLeftOut;
  });
}

}  // namespace

Comparison ComparePredict(WireBytes message) {
  PredictRequest theirs;
  Comparison comparison = {.is_message = theirs.ParseFromArray(message.data(), static_cast<int>(message.size()))};
  TfRequestMessage ours;
  Differences differences;
  differences.Same("whether it is a message", ours.Read(message).ok(), comparison.is_message);
  if (comparison.is_message && differences.text().empty()) {
    SameMessage(ours, theirs, differences);
    if (differences.text().empty() && !IsLarge(theirs)) SameCall(message, theirs, comparison, differences);
  } else if (TfCall().Read(message).ok()) {
    differences.Add("no message, but a request");
  }
  comparison.difference = differences.text();
  return comparison;
}

}  // namespace lamina::server
