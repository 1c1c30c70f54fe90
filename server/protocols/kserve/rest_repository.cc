#include "server/protocols/kserve/rest_repository.h"

#include "absl/strings/str_cat.h"
#include "server/json/json_reader.h"
#include "server/protocols/http/json_body.h"
#include "server/protocols/kserve/repository.h"

namespace lamina::server {
namespace {

using Parameters = google::protobuf::Map<std::string, inference::ModelRepositoryParameter>;

bool ReadParameter(JsonReader& json, inference::ModelRepositoryParameter& parameter) {
  std::string_view text;
  bool flag = false;
  int64_t number = 0;
  switch (json.Peek()) {
    case JsonKind::kString:
      if (json.ReadString(text)) parameter.set_string_param(std::string(text));
      break;
    case JsonKind::kBool:
      if (json.ReadBool(flag)) parameter.set_bool_param(flag);
      break;
    case JsonKind::kNumber:
      if (json.ReadNumber(number)) parameter.set_int64_param(number);
      break;
    default:
      return json.FailExpected("a string, an integer, true or false");
  }
  return json.ok();
}

void ReadParameters(JsonReader& json, Parameters& parameters) {
  std::string_view key;
  for (UniqueMembers members(json); members.Next(key);) {
    if (!ReadParameter(json, parameters[std::string(key)])) {
      json.FailIn(absl::StrCat("parameters.", std::string(key)));
      return;
    }
  }
}

/// Reads the member `wanted` of a body with `read`, if it is there.
template <typename Read>
absl::Status ReadMember(std::string_view body, std::string_view wanted, Read read) {
  if (body.empty()) return absl::OkStatus();
  JsonReader json(body);
  std::string_view key;
  for (UniqueMembers members(json); members.Next(key);) {
    if (key == wanted) {
      read(json);
    } else {
      json.Skip();
    }
  }
  json.Finish();
  if (json.ok()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("Invalid JSON in request body: ", std::string(json.status().message())));
}

void Write(std::string_view key, const DurationCount& duration, JsonWriter& json) {
  json.Key(key).BeginObject().Key("count").Number(duration.count).Key("ns").Number(duration.ns).EndObject();
}

void WriteBatch(const BatchStatistics& batch, JsonWriter& json) {
  json.BeginObject().Key("batch_size").Number(batch.batch_size);
  Write("compute_input", batch.input, json);
  Write("compute_infer", batch.infer, json);
  Write("compute_output", batch.output, json);
  json.EndObject();
}

void WriteModel(const ModelStatistics& model, JsonWriter& json) {
  json.BeginObject().Key("name").String(model.model).Key("version").String(std::to_string(model.version));
  json.Key("last_inference").Number(model.last_inference_ms);
  json.Key("inference_count").Number(model.inference_count);
  json.Key("execution_count").Number(model.execution_count);
  json.Key("inference_stats").BeginObject();
  Write("success", model.success, json);
  Write("fail", model.fail, json);
  Write("queue", model.queue, json);
  Write("compute_input", model.input, json);
  Write("compute_infer", model.infer, json);
  Write("compute_output", model.output, json);
  json.EndObject().Key("batch_stats").BeginArray();
  for (const BatchStatistics& batch : model.batches) WriteBatch(batch, json);
  json.EndArray().EndObject();
}

}  // namespace

absl::StatusOr<bool> ReadIndexBody(std::string_view body) {
  bool ready = false;
  const absl::Status status = ReadMember(body, "ready", [&](JsonReader& json) { json.ReadBool(ready); });
  if (!status.ok()) return status;
  return ready;
}

absl::Status ReadParametersBody(std::string_view body, Parameters& parameters) {
  return ReadMember(body, "parameters", [&](JsonReader& json) { ReadParameters(json, parameters); });
}

void WriteRepositoryIndex(std::span<const IndexEntry> index, JsonWriter& json) {
  json.BeginArray();
  for (const IndexEntry& entry : index) {
    json.BeginObject().Key("name").String(entry.model);
    json.Key("version").String(entry.version == 0 ? std::string() : std::to_string(entry.version));
    json.Key("state").String(KserveState(entry.state)).Key("reason").String(entry.reason).EndObject();
  }
  json.EndArray();
}

void WriteModelStatistics(std::span<const ModelStatistics> statistics, JsonWriter& json) {
  json.BeginObject().Key("model_stats").BeginArray();
  for (const ModelStatistics& model : statistics) WriteModel(model, json);
  json.EndArray().EndObject();
}

}  // namespace lamina::server
