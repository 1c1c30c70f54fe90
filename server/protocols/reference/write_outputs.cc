#include "server/protocols/reference/write_outputs.h"

#include <algorithm>
#include <utility>

#include "server/api/status_macros.h"

namespace lamina::server {
namespace {

struct Output {
  ElementType type;
  std::vector<int64_t> shape;
  std::vector<std::string> strings;
};

const std::vector<Output>& Outputs() {
  static const auto* const kOutputs = new std::vector<Output>{
      {ElementType::kF32, {1, 2}, {}},
      {ElementType::kString, {2, 1}, {"yes", ""}},
      {ElementType::kF64, {3, 700}, {}},
      {ElementType::kI64, {}, {}},
      {ElementType::kBF16, {5, 0}, {}},
      {ElementType::kU8, {300}, {}},
      {ElementType::kString, {1}, {std::string(10000, '\xff')}},
      {ElementType::kBool, {1024, 8}, {}},
  };
  return *kOutputs;
}

absl::Status WriteNumbers(size_t index, const TensorInfo& info, const Output& output,
                          std::vector<std::span<std::byte>>& reserved, OutputSink& sink) {
  const size_t size = ElementCount(output.shape).value_or(0) * ElementSize(output.type);
  LAMINA_ASSIGN_OR_RETURN(const std::span<std::byte> memory, sink.Reserve(index, info, output.shape, size));
  if (memory.size() != size) return absl::InternalError("a sink has reserved another size than was asked for");
  reserved.push_back(memory);
  return absl::OkStatus();
}

}  // namespace

absl::Status WriteOutputs(const InferRequest& request, OutputSink& sink) {
  const size_t count = request.outputs.empty() ? 2 : std::min(request.outputs.size(), Outputs().size());
  std::vector<std::span<std::byte>> reserved;
  for (size_t i = 0; i < count; ++i) {
    const Output& output = Outputs()[i];
    const TensorInfo info = {.name = request.outputs.empty() ? std::to_string(i) : std::string(request.outputs[i]),
                             .type = output.type};
    if (output.type == ElementType::kString) {
      LAMINA_RETURN_IF_ERROR(sink.PutStrings(i, info, output.shape, output.strings));
    } else {
      LAMINA_RETURN_IF_ERROR(WriteNumbers(i, info, output, reserved, sink));
    }
  }
  // At last, as an engine does: what was reserved must not have moved.
  uint8_t next = 1;
  for (const std::span<std::byte> memory : reserved) {
    for (std::byte& byte : memory) byte = static_cast<std::byte>(next += 7);
  }
  return absl::OkStatus();
}

std::string Join(const std::vector<Bytes>& pieces) {
  std::string message;
  for (const Bytes& piece : pieces) message += piece.text();
  return message;
}

}  // namespace lamina::server
