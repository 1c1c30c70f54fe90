#include "server/protocols/tfserving/rest_request.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/protocols/http/json_body.h"
#include "server/protocols/tfserving/model_spec.h"

namespace lamina::server {
namespace {

std::string Names(const std::vector<TensorInfo>& tensors) {
  return absl::StrJoin(tensors, ", ", [](std::string* out, const TensorInfo& tensor) { out->append(tensor.name); });
}

}  // namespace

absl::Status TfRestRequest::Read(std::string_view body) {
  JsonReader& json = json_.emplace(body);
  if (!ReadJson(json)) return BodyError(body, json.status());
  for (Column& column : columns_) {
    if (*format_ == Format::kRow) column.shape.push_back(static_cast<int64_t>(column.elements.values()));
    column.shape.insert(column.shape.end(), column.elements.shape().begin(), column.elements.shape().end());
    tensors_.push_back({.name = column.info->name,
                        .type = column.info->type,
                        .shape = column.shape,
                        .data = column.elements.data(),
                        .strings = column.elements.strings()});
  }
  return absl::OkStatus();
}

bool TfRestRequest::ReadJson(JsonReader& json) {
  std::string_view key;
  for (UniqueMembers object(json); object.Next(key);) {
    const bool rows = key == "instances";
    bool read = false;
    if (rows || key == "inputs") {
      if (format_) return json.Fail("both 'instances' (rows) and 'inputs' (columns) are there; send one of them");
      format_ = rows ? Format::kRow : Format::kColumn;
      read = rows ? ReadRows(json) : ReadInputs(json, 0);
    } else {
      read = key == "signature_name" ? ReadSignatureName(json) : json.Skip();
    }
    if (!read) return false;
  }
  if (!json.Finish()) return false;
  return format_ || json.Fail("neither 'instances' (rows) nor 'inputs' (columns) is there; send one of them");
}

bool TfRestRequest::ReadSignatureName(JsonReader& json) {
  std::string_view name;
  if (!json.ReadString(name)) return false;
  tensorflow::serving::ModelSpec spec;
  spec.set_signature_name(std::string(name));
  const absl::Status status = CheckSignatureName(spec);
  return status.ok() || json.Fail(std::string(status.message()));
}

bool TfRestRequest::ReadRows(JsonReader& json) {
  size_t rows = 0;
  for (json.BeginArray(); json.NextElement(); ++rows) {
    if (!ReadInputs(json, rows) || !CheckRow(json, rows)) return json.FailIn(absl::StrCat("instances[", rows, "]"));
  }
  return json.ok() && (rows > 0 || json.Fail("'instances' is empty; send a row at least"));
}

bool TfRestRequest::ReadInputs(JsonReader& json, size_t row) {
  const bool named = json.Peek() == JsonKind::kObject && !IsBase64(json);
  if (named_.value_or(named) != named) {
    return json.Fail(named ? "has names of inputs, which the rows before it do not have"
                           : "has no names of inputs, which the rows before it have");
  }
  named_ = named;
  return named ? ReadNamed(json, row) : ReadUnnamed(json);
}

bool TfRestRequest::ReadNamed(JsonReader& json, size_t row) {
  std::string_view name;
  json.BeginObject();
  while (json.NextMember(name)) {
    Column* column = FindColumn(json, name);
    if (column == nullptr) return false;
    const size_t values = column->elements.values();
    if (values > row) return json.Fail(absl::StrCat("input '", column->info->name, "' is there twice; send it once"));
    if (values < row)
      return json.Fail(absl::StrCat("has the input '", column->info->name, "', which rows before it do not have"));
    if (!column->elements.Read(json)) return json.FailIn(absl::StrCat("input '", column->info->name, "'"));
  }
  return json.ok();
}

bool TfRestRequest::ReadUnnamed(JsonReader& json) {
  if (signature_->inputs.size() != 1) {
    const bool rows = *format_ == Format::kRow;
    return json.Fail(absl::StrCat(rows ? "instances is a plain list, but expecting list of objects"
                                       : "inputs is a plain value/list, but expecting an object",
                                  " as multiple input tensors required as per tensorinfo_map; name them: {",
                                  Names(signature_->inputs), "}"));
  }
  Column* column = FindColumn(json, signature_->inputs[0].name);
  if (column->elements.Read(json)) return true;
  return json.FailIn(absl::StrCat("input '", column->info->name, "'"));
}

/// Every row has every input that the first one has.
bool TfRestRequest::CheckRow(JsonReader& json, size_t row) {
  for (const Column& column : columns_) {
    if (column.elements.values() == row + 1) continue;
    return json.Fail(absl::StrCat("lacks the input '", column.info->name, "', which rows before it have"));
  }
  return true;
}

TfRestRequest::Column* TfRestRequest::FindColumn(JsonReader& json, std::string_view name) {
  for (size_t i = 0; i < columns_.size(); ++i) {
    const size_t place = (next_column_ + i) % columns_.size();
    if (columns_[place].info->name != name) continue;
    next_column_ = (place + 1) % columns_.size();
    return &columns_[place];
  }
  for (const TensorInfo& info : signature_->inputs) {
    if (info.name == name) return &columns_.emplace_back(Column{&info, JsonTensorReader(info.type, true), {}});
  }
  json.Fail(absl::StrCat("input tensor alias not found in signature: ", std::string(name),
                         ". Inputs expected to be in the set {", Names(signature_->inputs), "}."));
  return nullptr;
}

/// Whether an object is the only input's value, {"b64": "..."}, and not a set of named inputs.
bool TfRestRequest::IsBase64(JsonReader& json) const {
  if (signature_->inputs.size() != 1) return false;
  const TensorInfo& input = signature_->inputs[0];
  if (input.type != ElementType::kString || input.name == "b64") return false;
  const JsonReader::Mark begin = json.Save();
  std::string_view key;
  json.BeginObject();
  const bool base64 = json.NextMember(key) && key == "b64";
  json.Rewind(begin);
  return base64;
}

}  // namespace lamina::server
