#include "server/protocols/reference/tfserving_predict.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "server/api/status_macros.h"
#include "server/protocols/find_twice.h"
#include "server/protocols/tfserving/datatype.h"
#include "server/protocols/tfserving/model_spec.h"

namespace lamina::server {

absl::Status TfPredict::Read() {
  LAMINA_RETURN_IF_ERROR(CheckSignatureName(message_.model_spec()));
  LAMINA_RETURN_IF_ERROR(inputs_.Read(message_));
  output_names_.assign(message_.output_filter().begin(), message_.output_filter().end());
  if (const auto twice = FindTwice(output_names_)) {
    return absl::InvalidArgumentError(
        absl::StrCat("output_filter has '", std::string(*twice), "' twice; name each output once"));
  }
  request_.origin.method = Method::kPredict;
  request_.model = message_.model_spec().name();
  request_.version = ParseVersion(message_.model_spec());
  request_.inputs = inputs_.tensors();
  request_.outputs = output_names_;
  return absl::OkStatus();
}

void TfPredict::Finish(const InferResult& result) {
  auto& spec = *response_.mutable_model_spec();
  spec.set_name(message_.model_spec().name());
  spec.mutable_version()->set_value(result.version);
  spec.set_signature_name(kSignatureName);
}

absl::StatusOr<std::span<std::byte>> TfPredict::Reserve(size_t /*index*/, const TensorInfo& output,
                                                        std::span<const int64_t> shape, size_t byte_size) {
  std::string& content = *AddOutput(output, shape).mutable_tensor_content();
  content.resize(byte_size);
  return std::as_writable_bytes(std::span(content));
}

absl::Status TfPredict::PutStrings(size_t /*index*/, const TensorInfo& output, std::span<const int64_t> shape,
                                   std::span<const std::string> values) {
  auto& elements = *AddOutput(output, shape).mutable_string_val();
  elements.Reserve(static_cast<int>(values.size()));
  for (const std::string& value : values) *elements.Add() = value;
  return absl::OkStatus();
}

tensorflow::TensorProto& TfPredict::AddOutput(const TensorInfo& output, std::span<const int64_t> shape) {
  tensorflow::TensorProto& tensor = (*response_.mutable_outputs())[output.name];
  tensor.set_dtype(ToTensorflowType(output.type));
  // Present even for a scalar, which has no dimension.
  tensorflow::TensorShapeProto& proto = *tensor.mutable_tensor_shape();
  for (const int64_t size : shape) proto.add_dim()->set_size(size);
  return tensor;
}

}  // namespace lamina::server
