#include "server/protocols/tfserving/call.h"

#include <cstdint>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "server/api/status_macros.h"
#include "server/protocols/find_twice.h"
#include "server/protocols/tfserving/datatype.h"
#include "server/protocols/tfserving/model_spec.h"
#include "server/protocols/wire/wire_writer.h"

namespace lamina::server {
namespace {

// The fields of tensorflow.serving.PredictResponse and of the messages in it.
constexpr uint32_t kOutputs = 1;
constexpr uint32_t kModelSpec = 2;
constexpr uint32_t kKey = 1;
constexpr uint32_t kValue = 2;
constexpr uint32_t kDtype = 1;
constexpr uint32_t kTensorShape = 2;
constexpr uint32_t kTensorContent = 4;
constexpr uint32_t kStringVal = 8;
constexpr uint32_t kDim = 2;
constexpr uint32_t kSize = 1;
constexpr uint32_t kName = 1;
constexpr uint32_t kVersion = 2;
constexpr uint32_t kSignature = 3;
constexpr uint32_t kInt64 = 1;

constexpr size_t kMaxVarint = 10;

size_t VarintFieldSize(uint64_t value) { return 1 + VarintSize(value); }

size_t SpecSize(std::string_view name, size_t version_size) {
  return TextSize(kName, name) + FieldSize(kVersion, version_size) + TextSize(kSignature, kSignatureName);
}

}  // namespace

absl::Status TfCall::Read(std::span<const std::byte> message) {
  LAMINA_RETURN_IF_ERROR(message_.Read(message));
  const TfModelSpec& spec = message_.model_spec();
  LAMINA_RETURN_IF_ERROR(CheckSignatureName(spec.signature_name));
  LAMINA_RETURN_IF_ERROR(inputs_.Read(message_.inputs()));
  const std::span<const std::string_view> outputs = message_.output_filter();
  if (outputs.size() > 1) {
    if (const auto twice = FindTwice(std::vector(outputs.begin(), outputs.end()))) {
      return absl::InvalidArgumentError(
          absl::StrCat("output_filter has '", std::string(*twice), "' twice; name each output once"));
    }
  }
  request_.model = spec.name;
  request_.version = {.version = spec.version.value_or(0), .label = spec.version_label.value_or(std::string_view())};
  request_.inputs = inputs_.tensors();
  request_.outputs = outputs;
  request_.origin = {Interface::kGrpc, Method::kPredict};
  return absl::OkStatus();
}

// Behind the outputs: a message's fields may stand in any order, and the version is known only now.
std::vector<Bytes> TfCall::Finish(const InferResult& result) {
  const std::string_view name = message_.model_spec().name;
  const size_t version_size = VarintFieldSize(result.version);
  const size_t spec_size = SpecSize(name, version_size);
  WireWriter writer(reply_.Append(FieldSize(kModelSpec, spec_size)));
  writer.Header(kModelSpec, spec_size);
  writer.Text(kName, name);
  writer.Header(kVersion, version_size);
  writer.VarintField(kInt64, result.version);
  writer.Text(kSignature, kSignatureName);
  return reply_.Take();
}

size_t TfCall::MaxEndSize() const {
  return FieldSize(kModelSpec, SpecSize(message_.model_spec().name, 1 + kMaxVarint));
}

absl::StatusOr<std::span<std::byte>> TfCall::Reserve(size_t /*index*/, const TensorInfo& output,
                                                     std::span<const int64_t> shape, size_t byte_size) {
  return AddOutput(output, shape, HeaderSize(kTensorContent, byte_size), byte_size);
}

absl::Status TfCall::PutStrings(size_t /*index*/, const TensorInfo& output, std::span<const int64_t> shape,
                                std::span<const std::string> values) {
  size_t size = 0;
  for (const std::string& value : values) size += FieldSize(kStringVal, value.size());
  LAMINA_ASSIGN_OR_RETURN(const std::span<std::byte> memory, AddOutput(output, shape, 0, size));
  WireWriter writer(memory);
  for (const std::string& value : values) {
    writer.Header(kStringVal, value.size());
    writer.Raw(value);
  }
  return absl::OkStatus();
}

absl::StatusOr<std::span<std::byte>> TfCall::AddOutput(const TensorInfo& output, std::span<const int64_t> shape,
                                                       size_t head, size_t elements) {
  const auto dtype = static_cast<uint64_t>(ToTensorflowType(output.type));
  size_t shape_size = 0;
  for (const int64_t size : shape) shape_size += FieldSize(kDim, VarintFieldSize(size));
  const size_t tensor_size = VarintFieldSize(dtype) + FieldSize(kTensorShape, shape_size) + head + elements;
  const size_t entry_size = TextSize(kKey, output.name) + FieldSize(kValue, tensor_size);
  const size_t before = FieldSize(kOutputs, entry_size) - elements;
  LAMINA_RETURN_IF_ERROR(reply_.Prepare(output.name, before, elements, MaxEndSize()));
  WireWriter writer(reply_.Append(before));
  writer.Header(kOutputs, entry_size);
  writer.Text(kKey, output.name);
  writer.Header(kValue, tensor_size);
  writer.VarintField(kDtype, dtype);
  writer.Header(kTensorShape, shape_size);  // also of a scalar, which has no dimension
  for (const int64_t size : shape) {
    writer.Header(kDim, VarintFieldSize(size));
    writer.VarintField(kSize, size);
  }
  if (head > 0) writer.Header(kTensorContent, elements);
  return reply_.AppendTensor(elements);
}

}  // namespace lamina::server
