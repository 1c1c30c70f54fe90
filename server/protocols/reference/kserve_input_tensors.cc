#include "server/protocols/reference/kserve_input_tensors.h"

#include <bit>
#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>
#include <type_traits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/api/status_macros.h"
#include "server/protocols/kserve/datatype.h"

namespace lamina::server {
namespace {

static_assert(std::endian::native == std::endian::little, "tensors travel little-endian and are not swapped");

absl::Status Wrong(const InputTensor& tensor, const std::string& what) {
  return absl::InvalidArgumentError(absl::StrCat("input '", std::string(tensor.name), "': ", what));
}

std::string TypeAndShape(const InputTensor& tensor) {
  return absl::StrCat("datatype ", std::string(KserveDatatype(tensor.type)), " and shape ", ShapeText(tensor.shape));
}

size_t CountTyped(const inference::InferTensorContents& contents) {
  return static_cast<size_t>(contents.bool_contents_size()) + contents.int_contents_size() +
         contents.int64_contents_size() + contents.uint_contents_size() + contents.uint64_contents_size() +
         contents.fp32_contents_size() + contents.fp64_contents_size() + contents.bytes_contents_size();
}

}  // namespace

absl::Status KserveInputTensors::Read(const inference::ModelInferRequest& message) {
  const int raw = message.raw_input_contents_size();
  if (raw != 0 && raw != message.inputs_size()) {
    return absl::InvalidArgumentError(absl::StrCat("raw_input_contents has ", raw, " entries for ",
                                                   message.inputs_size(),
                                                   " inputs; send one an input, in the order of the inputs"));
  }
  tensors_.reserve(message.inputs_size());
  for (int i = 0; i < message.inputs_size(); ++i) LAMINA_RETURN_IF_ERROR(ReadInput(message, i));
  return absl::OkStatus();
}

absl::Status KserveInputTensors::ReadInput(const inference::ModelInferRequest& message, int index) {
  const Input& input = message.inputs(index);
  InputTensor& tensor = tensors_.emplace_back();
  tensor.name = input.name();
  tensor.type = ParseKserveDatatype(input.datatype());
  tensor.shape = std::span(input.shape().data(), static_cast<size_t>(input.shape_size()));
  if (tensor.type == ElementType::kUndefined) {
    return Wrong(
        tensor,
        absl::StrCat("datatype '", input.datatype(),
                     "' is not known; expected BOOL, INT8 to INT64, UINT8 to UINT64, FP16, BF16, FP32, FP64 or BYTES"));
  }
  const std::optional<size_t> count = ElementCount(tensor.shape);
  if (!count || *count > std::numeric_limits<size_t>::max() / 8) {
    return Wrong(tensor, absl::StrCat("shape ", ShapeText(tensor.shape),
                                      " is negative or too large; expected the tensor's actual sizes"));
  }
  if (input.parameters().contains("shared_memory_region")) {
    return Wrong(tensor, "shared memory is not supported; send the tensor in raw_input_contents");
  }
  if (message.raw_input_contents_size() == 0) return ReadTyped(input.contents(), *count, tensor);
  if (CountTyped(input.contents()) != 0) {
    return Wrong(tensor, "has both contents and raw_input_contents; send one of them");
  }
  return ReadRaw(message.raw_input_contents(index), *count, tensor);
}

absl::Status KserveInputTensors::ReadRaw(const std::string& raw, size_t count, InputTensor& tensor) {
  if (tensor.type == ElementType::kString) return ReadRawStrings(raw, count, tensor);
  const size_t expected = count * ElementSize(tensor.type);
  if (raw.size() != expected) {
    return Wrong(tensor, absl::StrCat(TypeAndShape(tensor), " need ", expected, " bytes in raw_input_contents, got ",
                                      raw.size()));
  }
  tensor.data = std::as_bytes(std::span(raw));
  return absl::OkStatus();
}

absl::Status KserveInputTensors::ReadRawStrings(const std::string& raw, size_t count, InputTensor& tensor) {
  std::string_view rest = raw;
  // Each element takes at least its length: this bounds what a small message can make us reserve.
  if (count > rest.size() / sizeof(uint32_t)) {
    return Wrong(tensor, absl::StrCat(TypeAndShape(tensor), ": ", count,
                                      " elements with a 4-byte length each are needed, got ", raw.size(), " bytes"));
  }
  std::vector<std::string_view>& strings = strings_.emplace_back();
  strings.reserve(count);
  while (strings.size() < count) {
    uint32_t length = 0;
    if (rest.size() >= sizeof(length)) std::memcpy(&length, rest.data(), sizeof(length));
    if (rest.size() < sizeof(length) || length > rest.size() - sizeof(length)) {
      return Wrong(tensor, absl::StrCat(TypeAndShape(tensor), ": element ", strings.size(), " of ", count,
                                        " is cut off at byte ", raw.size() - rest.size(), " of ", raw.size(),
                                        "; expected a 4-byte little-endian length and as many bytes"));
    }
    strings.push_back(rest.substr(sizeof(length), length));
    rest.remove_prefix(sizeof(length) + length);
  }
  if (!rest.empty()) {
    return Wrong(tensor, absl::StrCat(TypeAndShape(tensor), ": ", rest.size(), " bytes follow the last of ", count,
                                      " elements"));
  }
  tensor.strings = strings;
  return absl::OkStatus();
}

absl::Status KserveInputTensors::ReadTyped(const inference::InferTensorContents& contents, size_t count,
                                           InputTensor& tensor) {
  switch (tensor.type) {
    case ElementType::kBool:
      return View(contents.bool_contents(), "bool_contents", count, tensor);
    case ElementType::kI32:
      return View(contents.int_contents(), "int_contents", count, tensor);
    case ElementType::kI64:
      return View(contents.int64_contents(), "int64_contents", count, tensor);
    case ElementType::kU32:
      return View(contents.uint_contents(), "uint_contents", count, tensor);
    case ElementType::kU64:
      return View(contents.uint64_contents(), "uint64_contents", count, tensor);
    case ElementType::kF32:
      return View(contents.fp32_contents(), "fp32_contents", count, tensor);
    case ElementType::kF64:
      return View(contents.fp64_contents(), "fp64_contents", count, tensor);
    case ElementType::kI8:
      return Copy<int8_t>(contents.int_contents(), "int_contents", count, tensor);
    case ElementType::kI16:
      return Copy<int16_t>(contents.int_contents(), "int_contents", count, tensor);
    case ElementType::kU8:
      return Copy<uint8_t>(contents.uint_contents(), "uint_contents", count, tensor);
    case ElementType::kU16:
      return Copy<uint16_t>(contents.uint_contents(), "uint_contents", count, tensor);
    case ElementType::kString:
      return ReadTypedStrings(contents, count, tensor);
    default:
      return Wrong(tensor, absl::StrCat(std::string(KserveDatatype(tensor.type)),
                                        " has no typed contents; send it in raw_input_contents"));
  }
}

absl::Status KserveInputTensors::ReadTypedStrings(const inference::InferTensorContents& contents, size_t count,
                                                  InputTensor& tensor) {
  const auto& field = contents.bytes_contents();
  if (static_cast<size_t>(field.size()) != count) {
    return Wrong(
        tensor, absl::StrCat(TypeAndShape(tensor), " need ", count, " elements in bytes_contents, got ", field.size()));
  }
  tensor.strings = strings_.emplace_back(field.begin(), field.end());
  return absl::OkStatus();
}

template <typename Field>
absl::Status KserveInputTensors::View(const Field& field, const char* list, size_t count, InputTensor& tensor) {
  if (static_cast<size_t>(field.size()) != count) {
    return Wrong(tensor,
                 absl::StrCat(TypeAndShape(tensor), " need ", count, " elements in ", list, ", got ", field.size()));
  }
  tensor.data = std::as_bytes(std::span(field.data(), count));
  return absl::OkStatus();
}

template <typename Narrow, typename Field>
absl::Status KserveInputTensors::Copy(const Field& field, const char* list, size_t count, InputTensor& tensor) {
  LAMINA_RETURN_IF_ERROR(View(field, list, count, tensor));
  std::vector<std::byte>& copy = copies_.emplace_back(count * sizeof(Narrow));
  for (size_t i = 0; i < count; ++i) {
    const auto wide = field[static_cast<int>(i)];
    if (!std::in_range<Narrow>(wide)) {
      return Wrong(tensor, absl::StrCat(list, "[", i, "] is ", wide, ", which ",
                                        std::string(KserveDatatype(tensor.type)), " cannot hold"));
    }
    const auto narrow = static_cast<Narrow>(wide);
    std::memcpy(copy.data() + i * sizeof(Narrow), &narrow, sizeof(Narrow));
  }
  tensor.data = copy;
  return absl::OkStatus();
}

}  // namespace lamina::server
