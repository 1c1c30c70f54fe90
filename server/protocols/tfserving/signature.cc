#include "server/protocols/tfserving/signature.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "proto/tensorflow/signature.pb.h"
#include "server/protocols/tfserving/datatype.h"
#include "server/protocols/tfserving/model_spec.h"

namespace lamina::server {
namespace {

constexpr char kSignatureField[] = "signature_def";
constexpr char kMethodName[] = "tensorflow/serving/predict";

tensorflow::TensorInfo ToTensorflowInfo(const TensorInfo& info) {
  tensorflow::TensorInfo tensor;
  tensor.set_name(info.name);
  tensor.set_dtype(ToTensorflowType(info.type));
  tensorflow::TensorShapeProto& shape = *tensor.mutable_tensor_shape();
  shape.set_unknown_rank(info.any_rank);
  for (const int64_t size : info.shape) shape.add_dim()->set_size(size);
  return tensor;
}

}  // namespace

absl::Status CheckMetadataFields(const tensorflow::serving::GetModelMetadataRequest& request) {
  if (request.metadata_field().empty()) {
    return absl::InvalidArgumentError(
        "GetModelMetadataRequest must specify at least one metadata_field; the one there is: signature_def");
  }
  for (const std::string& field : request.metadata_field()) {
    if (field != kSignatureField)
      return absl::InvalidArgumentError(absl::StrCat("Metadata field ", field, " is not supported"));
  }
  return absl::OkStatus();
}

void WriteModelMetadata(const ModelMetadata& metadata, tensorflow::serving::GetModelMetadataResponse& response) {
  response.mutable_model_spec()->set_name(metadata.name);
  response.mutable_model_spec()->mutable_version()->set_value(metadata.version);
  tensorflow::SignatureDef signature;
  signature.set_method_name(kMethodName);
  for (const TensorInfo& input : metadata.signature->inputs)
    (*signature.mutable_inputs())[input.name] = ToTensorflowInfo(input);
  for (const TensorInfo& output : metadata.signature->outputs)
    (*signature.mutable_outputs())[output.name] = ToTensorflowInfo(output);
  tensorflow::serving::SignatureDefMap signatures;
  (*signatures.mutable_signature_def())[kSignatureName] = std::move(signature);
  (*response.mutable_metadata())[kSignatureField].PackFrom(signatures);
}

}  // namespace lamina::server
