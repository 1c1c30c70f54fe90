#include "server/protocols/kserve/call.h"

#include <charconv>
#include <cstdint>
#include <limits>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "server/api/status_macros.h"
#include "server/protocols/find_twice.h"
#include "server/protocols/kserve/bytes_elements.h"
#include "server/protocols/kserve/datatype.h"
#include "server/protocols/kserve/version.h"
#include "server/protocols/wire/wire_writer.h"

namespace lamina::server {
namespace {

// The fields of inference.ModelInferResponse and of its InferOutputTensor.
constexpr uint32_t kModelName = 1;
constexpr uint32_t kModelVersion = 2;
constexpr uint32_t kId = 3;
constexpr uint32_t kOutputs = 5;
constexpr uint32_t kRawOutputContents = 6;
constexpr uint32_t kName = 1;
constexpr uint32_t kDatatype = 2;
constexpr uint32_t kShape = 3;

constexpr size_t kMaxVersionDigits = std::numeric_limits<int64_t>::digits10 + 2;

}  // namespace

absl::Status KserveCall::Read(std::span<const std::byte> message) {
  LAMINA_RETURN_IF_ERROR(message_.Read(message));
  LAMINA_RETURN_IF_ERROR(inputs_.Read(message_));
  std::vector<std::string_view> names;
  if (inputs_.tensors().size() > 1) {
    for (const InputTensor& tensor : inputs_.tensors()) names.push_back(tensor.name);
  }
  if (const auto twice = FindTwice(std::move(names))) {
    return absl::InvalidArgumentError(
        absl::StrCat("input '", std::string(*twice), "' is there twice; send each input once"));
  }
  LAMINA_RETURN_IF_ERROR(ReadOutputs());
  request_.model = message_.model_name;
  request_.version = ParseKserveVersion(message_.model_version);
  request_.inputs = inputs_.tensors();
  request_.outputs = output_names_;
  request_.origin = {Interface::kGrpc, Method::kModelInfer};
  return absl::OkStatus();
}

absl::Status KserveCall::ReadOutput(const KserveOutputMessage& output) {
  const std::string label = absl::StrCat("output '", std::string(output.name), "'");
  for (const char* parameter : {"classification", "shared_memory_region"}) {
    if (shared_memory_ != nullptr && parameter == std::string_view("shared_memory_region")) continue;
    if (output.parameters.Has(parameter)) {
      return absl::InvalidArgumentError(
          absl::StrCat(label, ": the parameter ", parameter,
                       " is not supported; leave it out, and the tensor comes in raw_output_contents"));
    }
  }
  if (shared_memory_ == nullptr) return absl::OkStatus();
  LAMINA_ASSIGN_OR_RETURN(const std::optional<SharedPlace> place, ReadSharedPlace(output.parameters, label));
  if (!place) return absl::OkStatus();
  return shared_outputs_.Add(output.name, *place, *shared_memory_);
}

absl::Status KserveCall::ReadOutputs() {
  for (const WireBytes bytes : message_.outputs) {
    const KserveOutputMessage output(bytes);
    if (!output.parameters.empty()) {
      LAMINA_RETURN_IF_ERROR(ReadOutput(output));
    }
    output_names_.push_back(output.name);
  }
  if (output_names_.size() < 2) return absl::OkStatus();
  if (const auto twice = FindTwice({output_names_.begin(), output_names_.end()})) {
    return absl::InvalidArgumentError(absl::StrCat("output '", std::string(*twice), "' is asked for twice; ask once"));
  }
  return absl::OkStatus();
}

// Behind the outputs: a message's fields may stand in any order, and the version is known only now.
absl::StatusOr<std::vector<Bytes>> KserveCall::Finish(const InferResult& result) {
  LAMINA_RETURN_IF_ERROR(shared_outputs_.Deliver());
  char digits[kMaxVersionDigits];
  const auto end = std::to_chars(digits, digits + sizeof(digits), result.version).ptr;
  const std::string_view version(digits, end - digits);
  WireWriter writer(reply_.Append(TextSize(kModelName, message_.model_name) + TextSize(kModelVersion, version) +
                                  TextSize(kId, message_.id)));
  writer.Text(kModelName, message_.model_name);
  writer.Text(kModelVersion, version);
  writer.Text(kId, message_.id);
  return reply_.Take();
}

size_t KserveCall::MaxEndSize() const {
  return TextSize(kModelName, message_.model_name) + FieldSize(kModelVersion, kMaxVersionDigits) +
         TextSize(kId, message_.id);
}

absl::StatusOr<std::span<std::byte>> KserveCall::Reserve(size_t /*index*/, const TensorInfo& output,
                                                         std::span<const int64_t> shape, size_t byte_size) {
  return AddOutput(output, shape, byte_size);
}

absl::Status KserveCall::PutStrings(size_t /*index*/, const TensorInfo& output, std::span<const int64_t> shape,
                                    std::span<const std::string> values) {
  LAMINA_ASSIGN_OR_RETURN(const size_t size, BytesElementsSize(output.name, values));
  LAMINA_ASSIGN_OR_RETURN(const std::span<std::byte> memory, AddOutput(output, shape, size));
  WriteBytesElements(values, memory);
  return absl::OkStatus();
}

absl::StatusOr<std::span<std::byte>> KserveCall::AddOutput(const TensorInfo& output, std::span<const int64_t> shape,
                                                           size_t byte_size) {
  // An output in shared memory has an entry of no bytes in raw_output_contents: clients count them.
  const bool shared = shared_outputs_.Has(output.name);
  const size_t raw_size = shared ? 0 : byte_size;
  const std::string_view datatype = KserveDatatype(output.type);
  size_t shape_size = 0;
  for (const int64_t size : shape) shape_size += VarintSize(size);
  const size_t tensor_size =
      TextSize(kName, output.name) + TextSize(kDatatype, datatype) + FieldSize(kShape, shape_size);
  const size_t head_size = FieldSize(kOutputs, tensor_size) + HeaderSize(kRawOutputContents, raw_size);
  LAMINA_RETURN_IF_ERROR(reply_.Prepare(output.name, head_size, raw_size, MaxEndSize()));
  WireWriter writer(reply_.Append(head_size));
  writer.Header(kOutputs, tensor_size);
  writer.Text(kName, output.name);
  writer.Text(kDatatype, datatype);
  writer.Header(kShape, shape_size);
  for (const int64_t size : shape) writer.Varint(size);
  writer.Header(kRawOutputContents, raw_size);
  return shared ? shared_outputs_.Reserve(output.name, byte_size) : reply_.AppendTensor(byte_size);
}

}  // namespace lamina::server
