#include "server/protocols/tfserving/rest_predict.h"

#include <charconv>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "server/api/status_macros.h"
#include "server/protocols/http/http_status.h"

namespace lamina::server {
namespace {

/// TensorFlow Serving takes outputs of such names for bytes, and other strings for text.
StringForm FormOf(const TensorInfo& output) {
  return output.name.ends_with("_bytes") ? StringForm::kBase64 : StringForm::kText;
}
StringForm FormOf(const OutputTensor& output) { return FormOf(TensorInfo{.name = output.name}); }

}  // namespace

absl::StatusOr<VersionSelector> ParseTfVersion(const PathParameters& path) {
  VersionSelector selector{.label = path.Get("label")};
  const std::string_view text = path.Get("version");
  if (text.empty()) return selector;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), selector.version);
  if (error == std::errc() && end == text.data() + text.size() && selector.version >= 0) return selector;
  return absl::InvalidArgumentError(absl::StrCat("the version in the path is '", std::string(text),
                                                 "'; expected a number, or .../labels/LABEL for a label"));
}

absl::Status TfRestPredict::Read() {
  request_.model = path_.Get("model");
  LAMINA_ASSIGN_OR_RETURN(request_.version, ParseTfVersion(path_));
  LAMINA_ASSIGN_OR_RETURN(const ModelMetadata metadata, core_.Metadata(request_.model, request_.version));
  body_.emplace(metadata.signature);
  LAMINA_RETURN_IF_ERROR(body_->Read(http_.text()));
  request_.inputs = body_->inputs();
  request_.origin = {Interface::kRest, Method::kPredict};
  return absl::OkStatus();
}

absl::StatusOr<std::span<std::byte>> TfRestPredict::Reserve(size_t /*index*/, const TensorInfo& output,
                                                            std::span<const int64_t> shape, size_t byte_size) {
  outputs_.push_back(
      {.name = output.name, .type = output.type, .shape = {shape.begin(), shape.end()}, .data = Bytes(byte_size)});
  return outputs_.back().data.span();
}

absl::Status TfRestPredict::PutStrings(size_t /*index*/, const TensorInfo& output, std::span<const int64_t> shape,
                                       std::span<const std::string> values) {
  outputs_.push_back({.name = output.name,
                      .type = output.type,
                      .shape = {shape.begin(), shape.end()},
                      .strings = {values.begin(), values.end()}});
  if (FormOf(output) == StringForm::kBase64) return absl::OkStatus();
  return CheckText(outputs_.back(), "a name in mapping_config.json that ends in _bytes makes it come in base64");
}

absl::StatusOr<HttpResponse> TfRestPredict::Finish(const InferResult& /*result*/) {
  JsonWriter json;
  json.BeginObject();
  if (body_->format() == TfRestRequest::Format::kRow) {
    LAMINA_RETURN_IF_ERROR(CheckRows());
    WriteRows(json.Key("predictions"));
  } else {
    WriteColumns(json.Key("outputs"));
  }
  json.EndObject();
  return JsonResponse(json);
}

absl::Status TfRestPredict::CheckRows() const {
  for (const OutputTensor& output : outputs_) {
    if (!output.shape.empty() && output.shape[0] == outputs_[0].shape[0]) continue;
    return absl::InvalidArgumentError(
        absl::StrCat("Tensor name: ", output.name, " has inconsistent batch size: its shape is ",
                     ShapeText(output.shape), ", that of ", outputs_[0].name, " is ", ShapeText(outputs_[0].shape),
                     ", and rows need the same first dimension; send 'inputs' instead of 'instances'"));
  }
  return absl::OkStatus();
}

void TfRestPredict::WriteRows(JsonWriter& json) const {
  if (outputs_.size() == 1) return WriteNested(outputs_[0], 0, 0, FormOf(outputs_[0]), json);
  const auto rows = outputs_.empty() ? 0 : static_cast<size_t>(outputs_[0].shape[0]);
  json.BeginArray();
  for (size_t row = 0; row < rows; ++row) {
    json.BeginObject();
    for (const OutputTensor& output : outputs_) {
      const size_t stride = ElementCount(std::span(output.shape).subspan(1)).value_or(0);
      WriteNested(output, 1, row * stride, FormOf(output), json.Key(output.name));
    }
    json.EndObject();
  }
  json.EndArray();
}

void TfRestPredict::WriteColumns(JsonWriter& json) const {
  if (outputs_.size() == 1) return WriteNested(outputs_[0], 0, 0, FormOf(outputs_[0]), json);
  json.BeginObject();
  for (const OutputTensor& output : outputs_) WriteNested(output, 0, 0, FormOf(output), json.Key(output.name));
  json.EndObject();
}

}  // namespace lamina::server
