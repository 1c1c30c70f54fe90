#include "server/protocols/kserve/rest_infer.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/api/status_macros.h"
#include "server/protocols/http/http_status.h"
#include "server/protocols/kserve/datatype.h"
#include "server/protocols/kserve/rest_binary.h"
#include "server/protocols/kserve/version.h"

namespace lamina::server {

absl::Status KserveRestInfer::Read() {
  const std::string_view body(reinterpret_cast<const char*>(http_.body.data()), http_.body.size());
  LAMINA_RETURN_IF_ERROR(body_.Read(body, http_.Header(kJsonSizeHeader)));
  request_.model = path_.Get("model");
  request_.version = ParseKserveVersion(path_.Get("version"));
  request_.inputs = body_.inputs();
  request_.outputs = body_.outputs();
  request_.origin = {Interface::kRest, Method::kModelInfer};
  if (body_.timeout()) request_.deadline = std::chrono::steady_clock::now() + *body_.timeout();
  return absl::OkStatus();
}

absl::StatusOr<std::span<std::byte>> KserveRestInfer::Reserve(size_t index, const TensorInfo& output,
                                                              std::span<const int64_t> shape, size_t byte_size) {
  const bool binary = body_.IsBinary(index);
  if (!binary && (output.type == ElementType::kF16 || output.type == ElementType::kBF16)) {
    return absl::InvalidArgumentError(absl::StrCat("output '", output.name, "' is ",
                                                   std::string(KserveDatatype(output.type)),
                                                   ", which has no form in JSON; ask for it with binary_data: true"));
  }
  outputs_.push_back(
      {{.name = output.name, .type = output.type, .shape = {shape.begin(), shape.end()}, .data = Bytes(byte_size)},
       binary});
  return outputs_.back().tensor.data.span();
}

absl::Status KserveRestInfer::PutStrings(size_t index, const TensorInfo& output, std::span<const int64_t> shape,
                                         std::span<const std::string> values) {
  OutputTensor tensor{.name = output.name, .type = output.type, .shape = {shape.begin(), shape.end()}};
  const bool binary = body_.IsBinary(index);
  if (binary) {
    LAMINA_ASSIGN_OR_RETURN(tensor.data, JoinBytesElements(values));
  } else {
    tensor.strings.assign(values.begin(), values.end());
    LAMINA_RETURN_IF_ERROR(CheckText(tensor, "ask for it with binary_data: true"));
  }
  outputs_.push_back({std::move(tensor), binary});
  return absl::OkStatus();
}

absl::StatusOr<HttpResponse> KserveRestInfer::Finish(const InferResult& result) {
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
    if (output.binary && output.tensor.data.size() > 0) response.body.push_back(std::move(output.tensor.data));
  }
  if (std::any_of(outputs_.begin(), outputs_.end(), [](const Output& output) { return output.binary; })) {
    response.content_type = "application/octet-stream";
    response.headers.emplace_back(kJsonSizeHeader, std::to_string(json_size));
  }
  return response;
}

void KserveRestInfer::WriteOutput(const Output& output, JsonWriter& json) const {
  const OutputTensor& tensor = output.tensor;
  json.BeginObject().Key("name").String(tensor.name).Key("datatype").String(KserveDatatype(tensor.type));
  json.Key("shape").BeginArray().Numbers(std::span<const int64_t>(tensor.shape)).EndArray();
  if (output.binary) {
    json.Key("parameters").BeginObject();
    json.Key("binary_data_size").Number<uint64_t>(tensor.data.size()).EndObject();
  } else {
    json.Key("data").BeginArray();
    WriteElements(tensor, 0, ElementCount(tensor.shape).value_or(0), StringForm::kText, json);
    json.EndArray();
  }
  json.EndObject();
}

}  // namespace lamina::server
