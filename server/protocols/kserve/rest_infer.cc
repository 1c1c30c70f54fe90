#include "server/protocols/kserve/rest_infer.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/api/status_macros.h"
#include "server/protocols/http/http_status.h"
#include "server/protocols/kserve/bytes_elements.h"
#include "server/protocols/kserve/datatype.h"
#include "server/protocols/kserve/rest_binary.h"
#include "server/protocols/kserve/version.h"

namespace lamina::server {

absl::Status KserveRestInfer::Read() {
  LAMINA_RETURN_IF_ERROR(body_.Read(http_.text(), http_.Header(kJsonSizeHeader), shared_memory_));
  request_.model = path_.Get("model");
  request_.version = ParseKserveVersion(path_.Get("version"));
  request_.inputs = body_.inputs();
  request_.outputs = body_.outputs();
  request_.origin = {Interface::kRest, Method::kModelInfer};
  if (body_.timeout()) request_.deadline = std::chrono::steady_clock::now() + *body_.timeout();
  return absl::OkStatus();
}

KserveRestInfer::Form KserveRestInfer::FormOf(size_t index, const TensorInfo& output) const {
  if (body_.shared_outputs().Has(output.name)) return Form::kShared;
  return body_.IsBinary(index) ? Form::kBinary : Form::kJson;
}

absl::StatusOr<std::span<std::byte>> KserveRestInfer::AddOutput(Form form, const TensorInfo& output,
                                                                std::span<const int64_t> shape, size_t byte_size) {
  OutputTensor& tensor = outputs_.emplace_back().tensor;
  outputs_.back().form = form;
  tensor.name = output.name;
  tensor.type = output.type;
  tensor.shape.assign(shape.begin(), shape.end());
  if (form == Form::kShared) return body_.shared_outputs().Reserve(output.name, byte_size);
  tensor.data = Bytes(byte_size);
  return tensor.data.span();
}

absl::StatusOr<std::span<std::byte>> KserveRestInfer::Reserve(size_t index, const TensorInfo& output,
                                                              std::span<const int64_t> shape, size_t byte_size) {
  const Form form = FormOf(index, output);
  if (form == Form::kJson && (output.type == ElementType::kF16 || output.type == ElementType::kBF16)) {
    return absl::InvalidArgumentError(absl::StrCat("output '", output.name, "' is ",
                                                   std::string(KserveDatatype(output.type)),
                                                   ", which has no form in JSON; ask for it with binary_data: true"));
  }
  return AddOutput(form, output, shape, byte_size);
}

absl::Status KserveRestInfer::PutStrings(size_t index, const TensorInfo& output, std::span<const int64_t> shape,
                                         std::span<const std::string> values) {
  const Form form = FormOf(index, output);
  if (form == Form::kJson) {
    OutputTensor tensor{.name = output.name, .type = output.type, .shape = {shape.begin(), shape.end()}};
    tensor.strings.assign(values.begin(), values.end());
    LAMINA_RETURN_IF_ERROR(CheckText(tensor, "ask for it with binary_data: true"));
    outputs_.push_back({std::move(tensor), form});
    return absl::OkStatus();
  }
  LAMINA_ASSIGN_OR_RETURN(const size_t size, BytesElementsSize(output.name, values));
  LAMINA_ASSIGN_OR_RETURN(const std::span<std::byte> memory, AddOutput(form, output, shape, size));
  WriteBytesElements(values, memory);
  return absl::OkStatus();
}

absl::StatusOr<HttpResponse> KserveRestInfer::Finish(const InferResult& result) {
  LAMINA_RETURN_IF_ERROR(body_.shared_outputs().Deliver());
  JsonWriter json;
  json.BeginObject().Key("model_name").String(request_.model);
  json.Key("model_version").String(std::to_string(result.version));
  if (body_.id()) json.Key("id").String(*body_.id());
  json.Key("outputs").BeginArray();
  for (const Output& output : outputs_) WriteOutput(output, json);
  json.EndArray().EndObject();
  const size_t json_size = json.size();
  HttpResponse response = JsonResponse(json);
  for (Output& output : outputs_) {
    if (output.form == Form::kBinary && output.tensor.data.size() > 0)
      response.body.push_back(std::move(output.tensor.data));
  }
  if (std::any_of(outputs_.begin(), outputs_.end(),
                  [](const Output& output) { return output.form == Form::kBinary; })) {
    response.content_type = "application/octet-stream";
    response.headers.emplace_back(kJsonSizeHeader, std::to_string(json_size));
  }
  return response;
}

void KserveRestInfer::WriteOutput(const Output& output, JsonWriter& json) const {
  const OutputTensor& tensor = output.tensor;
  json.BeginObject().Key("name").String(tensor.name).Key("datatype").String(KserveDatatype(tensor.type));
  json.Key("shape").BeginArray().Numbers(std::span<const int64_t>(tensor.shape)).EndArray();
  if (output.form == Form::kBinary) {
    json.Key("parameters").BeginObject();
    json.Key("binary_data_size").Number<uint64_t>(tensor.data.size()).EndObject();
  } else if (output.form == Form::kShared) {
    const SharedPlace place = body_.shared_outputs().Written(tensor.name);
    json.Key("parameters").BeginObject().Key("shared_memory_region").String(place.region);
    json.Key("shared_memory_offset").Number(place.offset);
    json.Key("shared_memory_byte_size").Number(place.byte_size).EndObject();
  } else {
    json.Key("data").BeginArray();
    WriteElements(tensor, 0, ElementCount(tensor.shape).value_or(0), StringForm::kText, json);
    json.EndArray();
  }
  json.EndObject();
}

}  // namespace lamina::server
