#include "server/protocols/kserve/request_tensors.h"

#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/api/status_macros.h"
#include "server/protocols/kserve/bytes_elements.h"
#include "server/protocols/kserve/datatype.h"
#include "server/protocols/kserve/shared_input.h"
#include "server/protocols/most_parts.h"
#include "server/protocols/wire/wire_list.h"

namespace lamina::server {
namespace {

constexpr uint32_t kBytesContents = 8;

absl::Status Wrong(const InputTensor& tensor, const std::string& what) {
  return absl::InvalidArgumentError(absl::StrCat("input '", std::string(tensor.name), "': ", what));
}

/// Whether an InferTensorContents has an element, in whichever list.
bool HasTyped(const WirePieces& contents) {
  constexpr WireType kElements[] = {WireType::kVarint, WireType::kVarint,  WireType::kVarint,  WireType::kVarint,
                                    WireType::kVarint, WireType::kFixed32, WireType::kFixed64, WireType::kBytes};
  for (const WireBytes piece : contents) {
    WireReader reader(piece);
    while (reader.Next()) {
      if (reader.number() > kBytesContents) continue;
      if (reader.type() == kElements[reader.number() - 1]) return true;
      if (reader.type() == WireType::kBytes && !reader.bytes().empty()) return true;
    }
  }
  return false;
}

template <typename Take>
void ForEachBytes(const WirePieces& contents, Take take) {
  for (const WireBytes piece : contents) {
    WireReader reader(piece);
    while (reader.Next()) {
      if (reader.Is(kBytesContents, WireType::kBytes)) take(reader.text());
    }
  }
}

}  // namespace

absl::Status KserveRequestTensors::Read(const KserveRequestMessage& message) {
  const size_t raw = message.raw_input_contents.size();
  const bool wrong = shared_memory_ == nullptr ? raw != message.inputs.size() : raw > message.inputs.size();
  if (raw != 0 && wrong) return WrongRawCount(message);
  for (size_t i = 0; i < message.inputs.size(); ++i) LAMINA_RETURN_IF_ERROR(ReadInput(message, i));
  if (next_raw_ != raw) return WrongRawCount(message);
  // The shapes have moved while their memory grew.
  const int64_t* shape = shapes_.data();
  for (InputTensor& tensor : tensors_) {
    tensor.shape = std::span(shape, tensor.shape.size());
    shape += tensor.shape.size();
  }
  return absl::OkStatus();
}

absl::Status KserveRequestTensors::WrongRawCount(const KserveRequestMessage& message) const {
  return absl::InvalidArgumentError(
      absl::StrCat("raw_input_contents has ", message.raw_input_contents.size(), " entries for ", message.inputs.size(),
                   " inputs; send one an input, in the order of the inputs",
                   shared_memory_ == nullptr ? "" : ", and none for an input in shared memory"));
}

absl::Status KserveRequestTensors::ReadInput(const KserveRequestMessage& message, size_t index) {
  const size_t shapes_before = shapes_.size();
  const KserveInputMessage input(message.inputs[index], shapes_);
  InputTensor& tensor = tensors_.emplace_back();
  tensor.name = input.name;
  tensor.type = ParseKserveDatatype(input.datatype);
  tensor.shape = std::span(shapes_).subspan(shapes_before);
  if (shapes_.size() > kMostParts)
    return Wrong(tensor, absl::StrCat("with it the shapes have more than ", kMostParts, " dimensions"));
  if (tensor.type == ElementType::kUndefined) {
    return Wrong(
        tensor,
        absl::StrCat("datatype '", std::string(input.datatype),
                     "' is not known; expected BOOL, INT8 to INT64, UINT8 to UINT64, FP16, BF16, FP32, FP64 or BYTES"));
  }
  const std::optional<size_t> count = ElementCount(tensor.shape);
  if (!count || *count > std::numeric_limits<size_t>::max() / 8) {
    return Wrong(tensor, absl::StrCat("shape ", ShapeText(tensor.shape),
                                      " is negative or too large; expected the tensor's actual sizes"));
  }
  if (!input.parameters.empty()) {
    LAMINA_ASSIGN_OR_RETURN(const bool shared, ReadShared(input.parameters, *count, tensor));
    if (shared) return absl::OkStatus();
  }
  if (message.raw_input_contents.empty()) return ReadTyped(input.contents, *count, tensor);
  if (HasTyped(input.contents)) {
    return Wrong(tensor, "has both contents and raw_input_contents; send one of them");
  }
  if (next_raw_ == message.raw_input_contents.size()) return WrongRawCount(message);
  return ReadRaw(message.raw_input_contents[next_raw_++], *count, tensor);
}

absl::StatusOr<bool> KserveRequestTensors::ReadShared(const KserveParameters& parameters, size_t count,
                                                      InputTensor& tensor) {
  if (shared_memory_ == nullptr) {
    if (!parameters.Has("shared_memory_region")) return false;
    return Wrong(tensor, "shared memory is not supported; send the tensor in raw_input_contents");
  }
  LAMINA_ASSIGN_OR_RETURN(const std::optional<SharedPlace> place,
                          ReadSharedPlace(parameters, absl::StrCat("input '", std::string(tensor.name), "'")));
  if (!place) return false;
  LAMINA_ASSIGN_OR_RETURN(Bytes copy, CopySharedInput(tensor, count, *place, *shared_memory_, memory_));
  LAMINA_RETURN_IF_ERROR(ReadRaw(copies_.emplace_back(std::move(copy)).span(), count, tensor));
  return true;
}

absl::Status KserveRequestTensors::ReadRaw(WireBytes raw, size_t count, InputTensor& tensor) {
  if (tensor.type == ElementType::kString) return ReadRawStrings(raw, count, tensor);
  const size_t expected = count * ElementSize(tensor.type);
  if (raw.size() != expected) {
    return Wrong(tensor, absl::StrCat(TypeAndShape(tensor.type, tensor.shape), " need ", expected,
                                      " bytes in raw_input_contents, got ", raw.size()));
  }
  tensor.data = raw;
  return absl::OkStatus();
}

absl::Status KserveRequestTensors::ReadRawStrings(WireBytes raw, size_t count, InputTensor& tensor) {
  LAMINA_RETURN_IF_ERROR(memory_.Take(BytesElementsMemory(raw.size(), count)));
  std::vector<std::string_view>& strings = strings_.emplace_back();
  const absl::Status status =
      SplitBytesElements({reinterpret_cast<const char*>(raw.data()), raw.size()}, count, strings);
  if (!status.ok()) {
    return Wrong(tensor, absl::StrCat(TypeAndShape(tensor.type, tensor.shape), ": ", status.message()));
  }
  tensor.strings = strings;
  return absl::OkStatus();
}

absl::Status KserveRequestTensors::ReadTyped(const WirePieces& contents, size_t count, InputTensor& tensor) {
  switch (tensor.type) {
    case ElementType::kBool:
      return ReadList<bool>(contents, 1, "bool_contents", count, tensor);
    case ElementType::kI32:
      return ReadList<int32_t>(contents, 2, "int_contents", count, tensor);
    case ElementType::kI64:
      return ReadList<int64_t>(contents, 3, "int64_contents", count, tensor);
    case ElementType::kU32:
      return ReadList<uint32_t>(contents, 4, "uint_contents", count, tensor);
    case ElementType::kU64:
      return ReadList<uint64_t>(contents, 5, "uint64_contents", count, tensor);
    case ElementType::kF32:
      return ReadList<float>(contents, 6, "fp32_contents", count, tensor);
    case ElementType::kF64:
      return ReadList<double>(contents, 7, "fp64_contents", count, tensor);
    case ElementType::kI8:
      return ReadList<int8_t, int32_t>(contents, 2, "int_contents", count, tensor);
    case ElementType::kI16:
      return ReadList<int16_t, int32_t>(contents, 2, "int_contents", count, tensor);
    case ElementType::kU8:
      return ReadList<uint8_t, uint32_t>(contents, 4, "uint_contents", count, tensor);
    case ElementType::kU16:
      return ReadList<uint16_t, uint32_t>(contents, 4, "uint_contents", count, tensor);
    case ElementType::kString:
      return ReadTypedStrings(contents, count, tensor);
    default:
      return Wrong(tensor, absl::StrCat(std::string(KserveDatatype(tensor.type)),
                                        " has no typed contents; send it in raw_input_contents"));
  }
}

absl::Status KserveRequestTensors::ReadTypedStrings(const WirePieces& contents, size_t count, InputTensor& tensor) {
  size_t size = 0;
  ForEachBytes(contents, [&](std::string_view) { ++size; });
  if (size != count) {
    return Wrong(tensor, absl::StrCat(TypeAndShape(tensor.type, tensor.shape), " need ", count,
                                      " elements in bytes_contents, got ", size));
  }
  LAMINA_RETURN_IF_ERROR(memory_.Take(count * sizeof(std::string_view)));
  std::vector<std::string_view>& strings = strings_.emplace_back();
  strings.reserve(count);
  ForEachBytes(contents, [&](std::string_view element) { strings.push_back(element); });
  tensor.strings = strings;
  return absl::OkStatus();
}

template <typename Element, typename Wire>
absl::Status KserveRequestTensors::ReadList(const WirePieces& contents, uint32_t number, const char* name, size_t count,
                                            InputTensor& tensor) {
  const WireList list(contents, number, kWireTypeOf<Wire>);
  if (list.size() != count) {
    return Wrong(tensor, absl::StrCat(TypeAndShape(tensor.type, tensor.shape), " need ", count, " elements in ", name,
                                      ", got ", list.size()));
  }
  if (const auto in_place = list.InPlace()) {
    tensor.data = *in_place;
    return absl::OkStatus();
  }
  LAMINA_RETURN_IF_ERROR(memory_.Take(count * sizeof(Element)));
  Bytes& copy = copies_.emplace_back(count * sizeof(Element));
  std::byte* position = copy.data();
  absl::Status status;
  list.ForEach([&](uint64_t bits) {
    const auto wide = FromWire<Wire>(bits);
    if constexpr (sizeof(Element) < sizeof(Wire)) {
      if (!std::in_range<Element>(wide)) {
        const size_t index = (position - copy.data()) / sizeof(Element);
        status = Wrong(tensor, absl::StrCat(name, "[", index, "] is ", wide, ", which ",
                                            std::string(KserveDatatype(tensor.type)), " cannot hold"));
        return false;
      }
    }
    const auto element = static_cast<Element>(wide);
    std::memcpy(position, &element, sizeof(Element));
    position += sizeof(Element);
    return true;
  });
  tensor.data = copy.span();
  return status;
}

}  // namespace lamina::server
