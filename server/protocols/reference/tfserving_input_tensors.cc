#include "server/protocols/reference/tfserving_input_tensors.h"

#include <bit>
#include <cstring>
#include <limits>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/api/status_macros.h"
#include "server/protocols/tfserving/datatype.h"

namespace lamina::server {
namespace {

static_assert(std::endian::native == std::endian::little, "tensors travel little-endian and are not swapped");

absl::Status Wrong(const InputTensor& tensor, const std::string& what) {
  return absl::InvalidArgumentError(absl::StrCat("input '", std::string(tensor.name), "': ", what));
}

std::string TypeName(ElementType type) { return tensorflow::DataType_Name(ToTensorflowType(type)); }

std::string TypeAndShape(const InputTensor& tensor) {
  return absl::StrCat(TypeName(tensor.type), " of shape ", ShapeText(tensor.shape));
}

}  // namespace

absl::Status TfInputTensors::Read(const tensorflow::serving::PredictRequest& message) {
  tensors_.reserve(message.inputs_size());
  shapes_.reserve(message.inputs_size());
  for (const auto& [name, proto] : message.inputs()) LAMINA_RETURN_IF_ERROR(ReadTensor(name, proto));
  return absl::OkStatus();
}

absl::Status TfInputTensors::ReadTensor(const std::string& name, const tensorflow::TensorProto& proto) {
  InputTensor& tensor = tensors_.emplace_back();
  tensor.name = name;
  tensor.type = FromTensorflowType(proto.dtype());
  if (tensor.type == ElementType::kUndefined) {
    const std::string dtype = tensorflow::DataType_Name(proto.dtype());
    return Wrong(tensor, absl::StrCat("dtype ", dtype.empty() ? std::to_string(proto.dtype()) : dtype,
                                      " is not supported; expected a number type, DT_BOOL or DT_STRING"));
  }
  LAMINA_RETURN_IF_ERROR(ReadShape(proto, tensor));
  const std::optional<size_t> count = ElementCount(tensor.shape);
  if (!count || *count > std::numeric_limits<size_t>::max() / sizeof(std::string_view)) {
    return Wrong(tensor, absl::StrCat("shape ", ShapeText(tensor.shape),
                                      " is negative or too large; expected the tensor's actual sizes"));
  }
  if (tensor.type == ElementType::kString) return ReadStrings(proto, *count, tensor);
  if (!proto.tensor_content().empty()) return ReadContent(proto.tensor_content(), *count, tensor);
  return ReadList(proto, *count, tensor);
}

absl::Status TfInputTensors::ReadShape(const tensorflow::TensorProto& proto, InputTensor& tensor) {
  if (proto.tensor_shape().unknown_rank()) return Wrong(tensor, "its shape is unknown; send the tensor's actual sizes");
  std::vector<int64_t>& shape = shapes_.emplace_back();
  shape.reserve(proto.tensor_shape().dim_size());
  for (const auto& dim : proto.tensor_shape().dim()) shape.push_back(dim.size());
  tensor.shape = shape;
  return absl::OkStatus();
}

absl::Status TfInputTensors::ReadContent(const std::string& content, size_t count, InputTensor& tensor) {
  const size_t expected = count * ElementSize(tensor.type);
  if (content.size() != expected) {
    return Wrong(tensor, absl::StrCat(TypeAndShape(tensor), " needs ", expected, " bytes in tensor_content, got ",
                                      content.size()));
  }
  tensor.data = std::as_bytes(std::span(content));
  return absl::OkStatus();
}

absl::Status TfInputTensors::ReadList(const tensorflow::TensorProto& proto, size_t count, InputTensor& tensor) {
  switch (tensor.type) {
    case ElementType::kF32:
      return View<float>(proto.float_val(), "float_val", count, tensor);
    case ElementType::kF64:
      return View<double>(proto.double_val(), "double_val", count, tensor);
    case ElementType::kI32:
      return View<int32_t>(proto.int_val(), "int_val", count, tensor);
    case ElementType::kI64:
      return View<int64_t>(proto.int64_val(), "int64_val", count, tensor);
    case ElementType::kU32:
      return View<uint32_t>(proto.uint32_val(), "uint32_val", count, tensor);
    case ElementType::kU64:
      return View<uint64_t>(proto.uint64_val(), "uint64_val", count, tensor);
    case ElementType::kBool:
      return View<bool>(proto.bool_val(), "bool_val", count, tensor);
    case ElementType::kI8:
      return Copy<int8_t>(proto.int_val(), "int_val", count, tensor);
    case ElementType::kI16:
      return Copy<int16_t>(proto.int_val(), "int_val", count, tensor);
    case ElementType::kU8:
      return Copy<uint8_t>(proto.int_val(), "int_val", count, tensor);
    case ElementType::kU16:
      return Copy<uint16_t>(proto.int_val(), "int_val", count, tensor);
    default:  // kF16, kBF16: the bits
      return Copy<uint16_t>(proto.half_val(), "half_val", count, tensor);
  }
}

absl::Status TfInputTensors::ReadStrings(const tensorflow::TensorProto& proto, size_t count, InputTensor& tensor) {
  if (!proto.tensor_content().empty())
    return Wrong(tensor, "DT_STRING in tensor_content is not supported; send the elements in string_val");
  const auto& field = proto.string_val();
  LAMINA_RETURN_IF_ERROR(CheckLength(field.size(), "string_val", count, sizeof(std::string_view), tensor));
  std::vector<std::string_view>& strings = strings_.emplace_back(field.begin(), field.end());
  strings.resize(count, strings.empty() ? std::string_view() : strings.back());
  tensor.strings = strings;
  return absl::OkStatus();
}

template <typename Element, typename Field>
absl::Status TfInputTensors::View(const Field& field, const char* list, size_t count, InputTensor& tensor) {
  if (static_cast<size_t>(field.size()) != count) return Copy<Element>(field, list, count, tensor);
  tensor.data = std::as_bytes(std::span(field.data(), count));
  return absl::OkStatus();
}

template <typename Element, typename Field>
absl::Status TfInputTensors::Copy(const Field& field, const char* list, size_t count, InputTensor& tensor) {
  const auto length = static_cast<size_t>(field.size());
  LAMINA_RETURN_IF_ERROR(CheckLength(length, list, count, sizeof(Element), tensor));
  std::vector<std::byte>& copy = copies_.emplace_back(count * sizeof(Element));
  Element element{};
  for (size_t i = 0; i < count; ++i) {
    if (i < length) {
      const auto wide = field[static_cast<int>(i)];
      if constexpr (sizeof(Element) < sizeof(wide)) {
        if (!std::in_range<Element>(wide)) {
          return Wrong(tensor,
                       absl::StrCat(list, "[", i, "] is ", wide, ", which ", TypeName(tensor.type), " cannot hold"));
        }
      }
      element = static_cast<Element>(wide);
    }
    std::memcpy(copy.data() + i * sizeof(Element), &element, sizeof(Element));
  }
  tensor.data = copy;
  return absl::OkStatus();
}

absl::Status TfInputTensors::CheckLength(size_t length, const char* list, size_t count, size_t element_size,
                                         const InputTensor& tensor) {
  if (length > count) {
    return Wrong(tensor, absl::StrCat(TypeAndShape(tensor), " has ", count, " elements, got ", length, " in ", list));
  }
  if (length == count) return absl::OkStatus();
  if (count > (kMaxGrownBytes - grown_bytes_) / element_size) {
    return Wrong(tensor, absl::StrCat(TypeAndShape(tensor), " has ", count, " elements, got ", length, " in ", list,
                                      "; leaving out repeated ones is possible up to ", kMaxGrownBytes >> 20,
                                      " MiB: send all of them"));
  }
  grown_bytes_ += count * element_size;
  return absl::OkStatus();
}

}  // namespace lamina::server
