#include "server/protocols/http/json_tensor_writer.h"

#include <simdjson.h>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "server/protocols/http/half.h"

namespace lamina::server {
namespace {

/// Bytes are aligned for every type.
template <typename T>
void Write(const OutputTensor& tensor, size_t begin, size_t count, JsonWriter& json) {
  json.Numbers(std::span(reinterpret_cast<const T*>(tensor.data.data()) + begin, count));
}

void WriteStrings(std::span<const std::string> values, StringForm form, JsonWriter& json) {
  for (const std::string& value : values) {
    if (form == StringForm::kText) {
      json.String(value);
    } else {
      json.BeginObject().Key("b64").String(absl::Base64Escape(value)).EndObject();
    }
  }
}

void WriteHalves(const OutputTensor& tensor, size_t begin, size_t count, JsonWriter& json) {
  const auto* bits = reinterpret_cast<const uint16_t*>(tensor.data.data()) + begin;
  const auto widen = tensor.type == ElementType::kF16 ? HalfToFloat : BFloat16ToFloat;
  for (size_t i = 0; i < count; ++i) json.Number(widen(bits[i]));
}

}  // namespace

void WriteElements(const OutputTensor& tensor, size_t begin, size_t count, StringForm form, JsonWriter& json) {
  switch (tensor.type) {
    case ElementType::kBool:
      for (size_t i = begin; i < begin + count; ++i) json.Bool(tensor.data.data()[i] != std::byte{0});
      return;
    case ElementType::kI8:
      return Write<int8_t>(tensor, begin, count, json);
    case ElementType::kI16:
      return Write<int16_t>(tensor, begin, count, json);
    case ElementType::kI32:
      return Write<int32_t>(tensor, begin, count, json);
    case ElementType::kI64:
      return Write<int64_t>(tensor, begin, count, json);
    case ElementType::kU8:
      return Write<uint8_t>(tensor, begin, count, json);
    case ElementType::kU16:
      return Write<uint16_t>(tensor, begin, count, json);
    case ElementType::kU32:
      return Write<uint32_t>(tensor, begin, count, json);
    case ElementType::kU64:
      return Write<uint64_t>(tensor, begin, count, json);
    case ElementType::kF32:
      return Write<float>(tensor, begin, count, json);
    case ElementType::kF64:
      return Write<double>(tensor, begin, count, json);
    case ElementType::kF16:
    case ElementType::kBF16:
      return WriteHalves(tensor, begin, count, json);
    case ElementType::kString:
      return WriteStrings(std::span(tensor.strings).subspan(begin, count), form, json);
    case ElementType::kUndefined:
      return;
  }
}

void WriteNested(const OutputTensor& tensor, size_t from, size_t begin, StringForm form, JsonWriter& json) {
  if (from >= tensor.shape.size()) return WriteElements(tensor, begin, 1, form, json);
  const auto length = static_cast<size_t>(tensor.shape[from]);
  json.BeginArray();
  if (from + 1 == tensor.shape.size()) {
    WriteElements(tensor, begin, length, form, json);
  } else {
    size_t stride = 1;
    for (size_t i = from + 1; i < tensor.shape.size(); ++i) stride *= static_cast<size_t>(tensor.shape[i]);
    for (size_t i = 0; i < length; ++i) WriteNested(tensor, from + 1, begin + i * stride, form, json);
  }
  json.EndArray();
}

absl::Status CheckText(const OutputTensor& tensor, const std::string& remedy) {
  for (size_t i = 0; i < tensor.strings.size(); ++i) {
    const std::string& value = tensor.strings[i];
    if (simdjson::validate_utf8(value)) continue;
    return absl::InvalidArgumentError(absl::StrCat("output '", tensor.name, "': element ", i, " of ",
                                                   tensor.strings.size(),
                                                   " is not UTF-8, and JSON has no other strings; ", remedy));
  }
  return absl::OkStatus();
}

}  // namespace lamina::server
