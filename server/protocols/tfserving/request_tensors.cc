#include "server/protocols/tfserving/request_tensors.h"

#include <cstring>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/api/status_macros.h"
#include "server/protocols/most_parts.h"
#include "server/protocols/tfserving/datatype.h"
#include "server/protocols/wire/wire_list.h"

namespace lamina::server {
namespace {

constexpr uint32_t kStringVal = 8;

absl::Status Wrong(const InputTensor& tensor, const std::string& what) {
  return absl::InvalidArgumentError(absl::StrCat("input '", std::string(tensor.name), "': ", what));
}

std::string TypeName(ElementType type) { return tensorflow::DataType_Name(ToTensorflowType(type)); }

std::string TypeAndShape(const InputTensor& tensor) {
  return absl::StrCat(TypeName(tensor.type), " of shape ", ShapeText(tensor.shape));
}

template <typename Take>
void ForEachString(const WirePieces& proto, Take take) {
  for (const WireBytes piece : proto) {
    WireReader reader(piece);
    while (reader.Next()) {
      if (reader.Is(kStringVal, WireType::kBytes)) take(reader.text());
    }
  }
}

}  // namespace

absl::Status TfRequestTensors::Read(std::span<const TfInputMessage> inputs) {
  for (const TfInputMessage& input : inputs) LAMINA_RETURN_IF_ERROR(ReadInput(input));
  // The shapes have moved while their memory grew.
  const int64_t* shape = shapes_.data();
  for (InputTensor& tensor : tensors_) {
    tensor.shape = std::span(shape, tensor.shape.size());
    shape += tensor.shape.size();
  }
  return absl::OkStatus();
}

absl::Status TfRequestTensors::ReadInput(const TfInputMessage& input) {
  const size_t shapes_before = shapes_.size();
  const TfTensorMessage proto(input.tensor, shapes_);
  InputTensor& tensor = tensors_.emplace_back();
  tensor.name = input.name;
  const auto dtype = static_cast<tensorflow::DataType>(proto.dtype);
  tensor.type = FromTensorflowType(dtype);
  tensor.shape = std::span(shapes_).subspan(shapes_before);
  if (shapes_.size() > kMostParts)
    return Wrong(tensor, absl::StrCat("with it the shapes have more than ", kMostParts, " dimensions"));
  if (tensor.type == ElementType::kUndefined) {
    const std::string name = tensorflow::DataType_Name(dtype);
    return Wrong(tensor, absl::StrCat("dtype ", name.empty() ? std::to_string(proto.dtype) : name,
                                      " is not supported; expected a number type, DT_BOOL or DT_STRING"));
  }
  if (proto.unknown_rank) return Wrong(tensor, "its shape is unknown; send the tensor's actual sizes");
  const std::optional<size_t> count = ElementCount(tensor.shape);
  if (!count || *count > std::numeric_limits<size_t>::max() / sizeof(std::string_view)) {
    return Wrong(tensor, absl::StrCat("shape ", ShapeText(tensor.shape),
                                      " is negative or too large; expected the tensor's actual sizes"));
  }
  const bool has_content = !proto.tensor_content.empty();
  if (tensor.type == ElementType::kString) return ReadStrings(input.tensor, has_content, *count, tensor);
  if (has_content) return ReadContent(proto.tensor_content, *count, tensor);
  return ReadTyped(input.tensor, *count, tensor);
}

absl::Status TfRequestTensors::ReadContent(std::string_view content, size_t count, InputTensor& tensor) {
  const size_t expected = count * ElementSize(tensor.type);
  if (content.size() != expected) {
    return Wrong(tensor, absl::StrCat(TypeAndShape(tensor), " needs ", expected, " bytes in tensor_content, got ",
                                      content.size()));
  }
  tensor.data = std::as_bytes(std::span(content));
  return absl::OkStatus();
}

absl::Status TfRequestTensors::ReadTyped(const WirePieces& proto, size_t count, InputTensor& tensor) {
  switch (tensor.type) {
    case ElementType::kF32:
      return ReadList<float>(proto, 5, "float_val", count, tensor);
    case ElementType::kF64:
      return ReadList<double>(proto, 6, "double_val", count, tensor);
    case ElementType::kI32:
      return ReadList<int32_t>(proto, 7, "int_val", count, tensor);
    case ElementType::kI64:
      return ReadList<int64_t>(proto, 10, "int64_val", count, tensor);
    case ElementType::kU32:
      return ReadList<uint32_t>(proto, 16, "uint32_val", count, tensor);
    case ElementType::kU64:
      return ReadList<uint64_t>(proto, 17, "uint64_val", count, tensor);
    case ElementType::kBool:
      return ReadList<bool>(proto, 11, "bool_val", count, tensor);
    case ElementType::kI8:
      return ReadList<int8_t, int32_t>(proto, 7, "int_val", count, tensor);
    case ElementType::kI16:
      return ReadList<int16_t, int32_t>(proto, 7, "int_val", count, tensor);
    case ElementType::kU8:
      return ReadList<uint8_t, int32_t>(proto, 7, "int_val", count, tensor);
    case ElementType::kU16:
      return ReadList<uint16_t, int32_t>(proto, 7, "int_val", count, tensor);
    default:  // kF16, kBF16: the bits
      return ReadList<uint16_t, int32_t>(proto, 13, "half_val", count, tensor);
  }
}

absl::Status TfRequestTensors::ReadStrings(const WirePieces& proto, bool has_content, size_t count,
                                           InputTensor& tensor) {
  if (has_content)
    return Wrong(tensor, "DT_STRING in tensor_content is not supported; send the elements in string_val");
  size_t length = 0;
  ForEachString(proto, [&](std::string_view) { ++length; });
  LAMINA_RETURN_IF_ERROR(CheckLength(length, "string_val", count, sizeof(std::string_view), tensor));
  LAMINA_RETURN_IF_ERROR(memory_.Take(count * sizeof(std::string_view)));
  std::vector<std::string_view>& strings = strings_.emplace_back();
  strings.reserve(count);
  ForEachString(proto, [&](std::string_view element) { strings.push_back(element); });
  strings.resize(count, strings.empty() ? std::string_view() : strings.back());
  tensor.strings = strings;
  return absl::OkStatus();
}

template <typename Element, typename Wire>
absl::Status TfRequestTensors::ReadList(const WirePieces& proto, uint32_t number, const char* name, size_t count,
                                        InputTensor& tensor) {
  const WireList list(proto, number, kWireTypeOf<Wire>);
  LAMINA_RETURN_IF_ERROR(CheckLength(list.size(), name, count, sizeof(Element), tensor));
  const auto in_place = list.InPlace();
  if (in_place && list.size() == count) {
    tensor.data = *in_place;
    return absl::OkStatus();
  }
  LAMINA_RETURN_IF_ERROR(memory_.Take(count * sizeof(Element)));
  Bytes& copy = copies_.emplace_back(count * sizeof(Element));
  std::byte* position = copy.data();
  Element element{};
  absl::Status status;
  list.ForEach([&](uint64_t bits) {
    const auto wide = FromWire<Wire>(bits);
    if constexpr (sizeof(Element) < sizeof(Wire)) {
      if (!std::in_range<Element>(wide)) {
        const size_t index = (position - copy.data()) / sizeof(Element);
        status = Wrong(
            tensor, absl::StrCat(name, "[", index, "] is ", wide, ", which ", TypeName(tensor.type), " cannot hold"));
        return false;
      }
    }
    element = static_cast<Element>(wide);
    std::memcpy(position, &element, sizeof(Element));
    position += sizeof(Element);
    return true;
  });
  // The last element, or zero, stands for those that were left out.
  for (const std::byte* end = copy.data() + copy.size(); status.ok() && position != end; position += sizeof(Element)) {
    std::memcpy(position, &element, sizeof(Element));
  }
  tensor.data = copy.span();
  return status;
}

absl::Status TfRequestTensors::CheckLength(size_t length, const char* list, size_t count, size_t element_size,
                                           const InputTensor& tensor) {
  if (length > count) {
    return Wrong(tensor, absl::StrCat(TypeAndShape(tensor), " has ", count, " elements, got ", length, " in ", list));
  }
  if (length == count) return absl::OkStatus();
  if (count > (kMostLeftOut - left_out_) / element_size) {
    return Wrong(tensor, absl::StrCat(TypeAndShape(tensor), " has ", count, " elements, got ", length, " in ", list,
                                      "; leaving out repeated ones is possible up to ", kMostLeftOut >> 20,
                                      " MiB: send all of them"));
  }
  left_out_ += count * element_size;
  return absl::OkStatus();
}

}  // namespace lamina::server
