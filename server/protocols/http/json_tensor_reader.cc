#include "server/protocols/http/json_tensor_reader.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "server/protocols/http/half.h"

namespace lamina::server {
namespace {

constexpr int64_t kUnknown = -1;

}  // namespace

bool JsonTensorReader::Reserve(JsonReader& json, size_t count) {
  if (type_ == ElementType::kString) {
    if (!json.TakeMemory((count - std::min(count, strings_.capacity())) * sizeof(std::string_view))) return false;
    strings_.reserve(count);
    return true;
  }
  const size_t size = count * ElementSize(type_);
  if (size <= memory_.size()) return true;
  if (!json.TakeMemory(size - memory_.size())) return false;
  Bytes larger(size);
  if (count_ > 0) std::memcpy(larger.data(), memory_.data(), count_ * ElementSize(type_));
  memory_ = std::move(larger);
  return true;
}

bool JsonTensorReader::Read(JsonReader& json) {
  ++values_;
  return ReadValue(json, 0);
}

bool JsonTensorReader::ReadValue(JsonReader& json, size_t depth) {
  const bool array = json.Peek() == JsonKind::kArray;
  const bool deeper = rank_ ? depth < *rank_ : shape_.size() > depth;
  if (array && (!rank_ || deeper)) return ReadArray(json, depth);
  if (array) return json.Fail("an array, where others beside it have an element; all must have the same shape");
  if (deeper) return json.FailExpected("an array, as others beside it have; all must have the same shape");
  rank_ = depth;
  return ReadElement(json);
}

bool JsonTensorReader::ReadArray(JsonReader& json, size_t depth) {
  const size_t begin = json.position();
  if (shape_.size() == depth) shape_.push_back(kUnknown);
  int64_t length = 0;
  for (json.BeginArray(); json.NextElement(); ++length) {
    // Once the rank is known an element needs no look at what it is.
    const bool element = rank_ && *rank_ == depth + 1;
    if (!(element ? ReadElement(json) : ReadValue(json, depth + 1))) return false;
  }
  if (!json.ok()) return false;
  if (shape_[depth] == kUnknown) shape_[depth] = length;
  if (shape_[depth] == length) return true;
  return json.Fail(absl::StrCat("an array of ", length, ", where others beside it have ", shape_[depth],
                                "; all must have the same shape"),
                   begin);
}

bool JsonTensorReader::ReadElement(JsonReader& json) {
  switch (type_) {
    case ElementType::kBool: {
      bool value = false;
      return json.ReadBool(value) && Put(json, static_cast<uint8_t>(value));
    }
    case ElementType::kI8:
      return ReadNumber<int8_t>(json);
    case ElementType::kI16:
      return ReadNumber<int16_t>(json);
    case ElementType::kI32:
      return ReadNumber<int32_t>(json);
    case ElementType::kI64:
      return ReadNumber<int64_t>(json);
    case ElementType::kU8:
      return ReadNumber<uint8_t>(json);
    case ElementType::kU16:
      return ReadNumber<uint16_t>(json);
    case ElementType::kU32:
      return ReadNumber<uint32_t>(json);
    case ElementType::kU64:
      return ReadNumber<uint64_t>(json);
    case ElementType::kF32:
      return ReadNumber<float>(json);
    case ElementType::kF64:
      return ReadNumber<double>(json);
    case ElementType::kF16:
    case ElementType::kBF16:
      return ReadHalf(json);
    case ElementType::kString:
      return ReadString(json);
    case ElementType::kUndefined:
      break;
  }
  return json.Fail("an element of no known type");
}

template <typename T>
bool JsonTensorReader::ReadNumber(JsonReader& json) {
  T value{};
  return json.ReadNumber(value) && Put(json, value);
}

bool JsonTensorReader::ReadHalf(JsonReader& json) {
  const size_t begin = json.position();
  float value = 0;
  if (!json.ReadNumber(value)) return false;
  const bool half = type_ == ElementType::kF16;
  const uint16_t bits = half ? FloatToHalf(value) : FloatToBFloat16(value);
  if (std::isinf(half ? HalfToFloat(bits) : BFloat16ToFloat(bits)))
    return json.Fail(absl::StrCat(value, " does not fit a 16-bit float"), begin);
  return Put(json, bits);
}

bool JsonTensorReader::ReadString(JsonReader& json) {
  if (base64_ && json.Peek() == JsonKind::kObject) return ReadBase64(json);
  std::string_view value;
  return json.ReadString(value) && PutString(json, value);
}

bool JsonTensorReader::ReadBase64(JsonReader& json) {
  const size_t begin = json.position();
  std::string_view key;
  std::string_view text;
  int members = 0;
  for (json.BeginObject(); json.NextMember(key); ++members) {
    if (key != "b64" || members > 0) return json.Fail("expected {\"b64\": \"...\"} and no other key", begin);
    if (!json.ReadString(text)) return false;
  }
  if (!json.ok()) return false;
  if (members == 0) return json.Fail("expected {\"b64\": \"...\"}, got an empty object", begin);
  std::string decoded;
  if (!absl::Base64Unescape(std::string(text), &decoded)) return json.Fail("the value of \"b64\" is not base64", begin);
  if (!json.TakeMemory(sizeof(decoded) + decoded.capacity())) return false;
  return PutString(json, decoded_.emplace_back(std::move(decoded)));
}

bool JsonTensorReader::PutString(JsonReader& json, std::string_view value) {
  if (strings_.size() == strings_.capacity() && !Reserve(json, std::max<size_t>(16, count_ * 2))) return false;
  strings_.push_back(value);
  ++count_;
  return true;
}

template <typename T>
bool JsonTensorReader::Put(JsonReader& json, T value) {
  const bool is_full = (count_ + 1) * sizeof(T) > memory_.size();
  if (is_full && !Reserve(json, std::max<size_t>(16, count_ * 2))) return false;
  std::memcpy(memory_.data() + count_ * sizeof(T), &value, sizeof(T));
  ++count_;
  return true;
}

}  // namespace lamina::server
