#include "server/protocols/reference/kserve_infer.h"

#include <cstring>
#include <limits>
#include <string>

#include "absl/strings/str_cat.h"
#include "server/api/status_macros.h"
#include "server/protocols/find_twice.h"
#include "server/protocols/kserve/datatype.h"

namespace lamina::server {
namespace {

constexpr size_t kLengthBytes = sizeof(uint32_t);

}  // namespace

absl::Status KserveInfer::Read() {
  LAMINA_RETURN_IF_ERROR(inputs_.Read(message_));
  std::vector<std::string_view> names;
  names.reserve(message_.inputs_size());
  for (const auto& input : message_.inputs()) names.push_back(input.name());
  if (const auto twice = FindTwice(std::move(names))) {
    return absl::InvalidArgumentError(
        absl::StrCat("input '", std::string(*twice), "' is there twice; send each input once"));
  }
  LAMINA_RETURN_IF_ERROR(ReadOutputs());
  request_.model = message_.model_name();
  request_.version = ParseKserveVersion(message_.model_version());
  request_.inputs = inputs_.tensors();
  request_.outputs = output_names_;
  request_.origin.method = Method::kModelInfer;
  return absl::OkStatus();
}

absl::Status KserveInfer::ReadOutputs() {
  output_names_.reserve(message_.outputs_size());
  for (const auto& output : message_.outputs()) {
    for (const char* parameter : {"classification", "shared_memory_region"}) {
      if (output.parameters().contains(parameter)) {
        return absl::InvalidArgumentError(
            absl::StrCat("output '", output.name(), "': the parameter ", parameter,
                         " is not supported; leave it out, and the tensor comes in raw_output_contents"));
      }
    }
    output_names_.push_back(output.name());
  }
  if (const auto twice = FindTwice(output_names_)) {
    return absl::InvalidArgumentError(absl::StrCat("output '", std::string(*twice), "' is asked for twice; ask once"));
  }
  return absl::OkStatus();
}

void KserveInfer::Finish(const InferResult& result) {
  response_.set_model_name(message_.model_name());
  response_.set_model_version(std::to_string(result.version));
  response_.set_id(message_.id());
}

absl::StatusOr<std::span<std::byte>> KserveInfer::Reserve(size_t /*index*/, const TensorInfo& output,
                                                          std::span<const int64_t> shape, size_t byte_size) {
  std::string& raw = AddOutput(output, shape);
  raw.resize(byte_size);
  return std::as_writable_bytes(std::span(raw));
}

absl::Status KserveInfer::PutStrings(size_t /*index*/, const TensorInfo& output, std::span<const int64_t> shape,
                                     std::span<const std::string> values) {
  size_t size = 0;
  for (const std::string& value : values) {
    if (value.size() > std::numeric_limits<uint32_t>::max()) {
      return absl::OutOfRangeError(absl::StrCat("output '", output.name, "': an element of ", value.size(),
                                                " bytes does not fit the 4-byte length of BYTES"));
    }
    size += kLengthBytes + value.size();
  }
  std::string& raw = AddOutput(output, shape);
  raw.reserve(size);
  for (const std::string& value : values) {
    const auto length = static_cast<uint32_t>(value.size());
    char bytes[kLengthBytes];
    std::memcpy(bytes, &length, kLengthBytes);
    raw.append(bytes, kLengthBytes).append(value);
  }
  return absl::OkStatus();
}

std::string& KserveInfer::AddOutput(const TensorInfo& output, std::span<const int64_t> shape) {
  auto& tensor = *response_.add_outputs();
  tensor.set_name(output.name);
  const std::string_view datatype = KserveDatatype(output.type);
  tensor.set_datatype(datatype.data(), datatype.size());
  tensor.mutable_shape()->Add(shape.begin(), shape.end());
  return *response_.add_raw_output_contents();
}

}  // namespace lamina::server
