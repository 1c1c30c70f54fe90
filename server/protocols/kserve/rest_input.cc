#include "server/protocols/kserve/rest_input.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <string>

#include "absl/strings/str_cat.h"
#include "server/api/status_macros.h"
#include "server/protocols/http/json_body.h"
#include "server/protocols/kserve/bytes_elements.h"
#include "server/protocols/kserve/datatype.h"
#include "server/protocols/kserve/rest_shared_place.h"
#include "server/protocols/kserve/shared_input.h"

namespace lamina::server {
namespace {

static_assert(std::endian::native == std::endian::little, "tensors travel little-endian and are not swapped");

// More than any model has, and few enough to show in a message.
constexpr size_t kMaxRank = 64;

}  // namespace

bool KserveRestInput::Read(JsonReader& json) {
  std::string_view key;
  for (UniqueMembers object(json); object.Next(key);) {
    if (!ReadMember(json, key)) return false;
  }
  return json.ok() && Complete(json);
}

bool KserveRestInput::ReadMember(JsonReader& json, std::string_view key) {
  if (key == "name") return json.ReadString(name_);
  if (key == "shape") return ReadShape(json);
  if (key == "datatype") return ReadDatatype(json);
  if (key == "parameters") return ReadParameters(json);
  if (key == "data") return ReadOrPassData(json);
  return json.Skip();
}

bool KserveRestInput::ReadShape(JsonReader& json) {
  auto& shape = shape_.emplace();
  for (json.BeginArray(); json.NextElement();) {
    if (shape.size() == kMaxRank) return json.Fail(absl::StrCat("a shape of more than ", kMaxRank, " dimensions"));
    if (!json.ReadNumber(shape.emplace_back())) return false;
  }
  if (!json.ok()) return false;
  const std::optional<size_t> count = ElementCount(shape);
  if (!count || *count > std::numeric_limits<size_t>::max() / sizeof(std::string_view)) {
    return json.Fail(
        absl::StrCat("shape ", ShapeText(shape), " is negative or too large; expected the tensor's actual sizes"));
  }
  count_ = *count;
  return true;
}

bool KserveRestInput::ReadDatatype(JsonReader& json) {
  std::string_view name;
  if (!json.ReadString(name)) return false;
  type_ = ParseKserveDatatype(name);
  if (type_ != ElementType::kUndefined) return true;
  return json.Fail(
      absl::StrCat("datatype '", std::string(name),
                   "' is not known; expected BOOL, INT8 to INT64, UINT8 to UINT64, FP16, BF16, FP32, FP64 or BYTES"));
}

bool KserveRestInput::ReadParameters(JsonReader& json) {
  RestSharedPlace shared;
  std::string_view key;
  for (UniqueMembers object(json); object.Next(key);) {
    if (key == "binary_data_size") {
      if (!json.ReadNumber(binary_size_.emplace())) return false;
    } else if (RestSharedPlace::IsParameter(key)) {
      if (!shared.ReadParameter(json, key)) return false;
    } else if (!json.Skip()) {
      return false;
    }
  }
  if (!json.ok() || !shared.Complete(json)) return false;
  place_ = shared.place();
  return true;
}

bool KserveRestInput::ReadOrPassData(JsonReader& json) {
  if (shape_ && type_ != ElementType::kUndefined) return ReadData(json);
  passed_data_ = json.Save();
  return json.Skip();
}

bool KserveRestInput::ReadData(JsonReader& json) {
  if (type_ == ElementType::kF16 || type_ == ElementType::kBF16) {
    return json.Fail(absl::StrCat(std::string(KserveDatatype(type_)),
                                  " has no form in JSON; send it as binary data, with binary_data_size"));
  }
  // Each element takes a digit and a comma at least: this bounds what a small body can make us reserve.
  if (count_ > json.left() / 2 + 1) {
    return json.Fail(absl::StrCat(TypeAndShape(type_, *shape_), " need ", count_, " elements in data, which the ",
                                  json.left(), " bytes that are left of the JSON cannot hold"));
  }
  if (!data_.emplace(type_).Reserve(json, count_) || !data_->Read(json)) return false;
  const bool flat = data_->shape().size() == 1 && data_->count() == count_;
  if (flat || std::equal(shape_->begin(), shape_->end(), data_->shape().begin(), data_->shape().end())) return true;
  return json.Fail(absl::StrCat(TypeAndShape(type_, *shape_), " need ", count_,
                                " elements in data, in one array or in arrays as the shape says; got ", data_->count(),
                                " in arrays of the shape ", ShapeText(data_->shape())));
}

bool KserveRestInput::Complete(JsonReader& json) {
  if (type_ == ElementType::kUndefined) return json.Fail("datatype is missing");
  if (!shape_) return json.Fail("shape is missing");
  if (passed_data_) {
    const JsonReader::Mark end = json.Save();
    json.Rewind(*passed_data_);
    if (!ReadData(json)) return false;
    json.Rewind(end);
  }
  if (data_ && binary_size_) return json.Fail("has both data and binary_data_size; send one of them");
  if (place_ && (data_ || binary_size_))
    return json.Fail("has shared_memory_region and data or binary_data_size; send one of them");
  if (!data_ && !binary_size_ && !place_)
    return json.Fail("has no data; send data, or binary_data_size and the elements behind the JSON");
  return true;
}

absl::Status KserveRestInput::TakeBinary(std::string_view raw, DerivedMemory& memory) {
  std::string wrong;
  if (type_ == ElementType::kString) {
    LAMINA_RETURN_IF_ERROR(memory.Take(BytesElementsMemory(raw.size(), count_)));
    if (const absl::Status status = SplitBytesElements(raw, count_, strings_); !status.ok())
      wrong = absl::StrCat(TypeAndShape(type_, *shape_), ": ", status.message());
  } else if (raw.size() % ElementSize(type_) != 0 || raw.size() / ElementSize(type_) != count_) {
    wrong = absl::StrCat(TypeAndShape(type_, *shape_), " need ", count_, " x ", ElementSize(type_),
                         " bytes, got a binary_data_size of ", raw.size());
  }
  if (!wrong.empty()) return absl::InvalidArgumentError(absl::StrCat("input '", std::string(name_), "': ", wrong));
  raw_ = raw;
  return absl::OkStatus();
}

absl::Status KserveRestInput::TakeShared(const SharedMemory& shared_memory, DerivedMemory& memory) {
  LAMINA_ASSIGN_OR_RETURN(copy_, CopySharedInput(tensor(), count_, *place_, shared_memory, memory));
  return TakeBinary(copy_.text(), memory);
}

InputTensor KserveRestInput::tensor() const {
  InputTensor tensor{.name = name_, .type = type_, .shape = *shape_};
  if (type_ == ElementType::kString) {
    tensor.strings = data_ ? data_->strings() : strings_;
  } else {
    tensor.data = data_ ? data_->data() : std::as_bytes(std::span(raw_));
  }
  return tensor;
}

}  // namespace lamina::server
