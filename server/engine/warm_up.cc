#include "server/engine/warm_up.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <future>
#include <list>
#include <span>
#include <vector>

#include "server/api/status_macros.h"
#include "server/engine/least_times.h"

namespace lamina::server {
namespace {

constexpr auto kEnough = std::chrono::milliseconds(20);
constexpr size_t kMostBytes = size_t{1} << 28;

class DiscardingSink final : public OutputSink {
 public:
  absl::StatusOr<std::span<std::byte>> Reserve(size_t, const TensorInfo&, std::span<const int64_t>,
                                               size_t byte_size) override {
    // max_align_t units, so that the model itself writes here, as it does in a request.
    auto& memory = memory_.emplace_back((byte_size + sizeof(std::max_align_t) - 1) / sizeof(std::max_align_t));
    return std::as_writable_bytes(std::span(memory)).first(byte_size);
  }
  absl::Status PutStrings(size_t, const TensorInfo&, std::span<const int64_t>, std::span<const std::string>) override {
    return absl::OkStatus();
  }

 private:
  std::list<std::vector<std::max_align_t>> memory_;
};

struct Zeros {
  std::vector<int64_t> shape;
  std::vector<std::max_align_t> memory;
};

absl::Status RunOnce(CompiledModel& model, const InferRequest& request) {
  DiscardingSink sink;
  std::promise<absl::Status> result;
  model.InferAsync(request, sink, [&](absl::Status status, const InferTimes&) { result.set_value(std::move(status)); });
  return result.get_future().get();
}

}  // namespace

absl::Status WarmUp(CompiledModel& model) {
  std::list<Zeros> zeros;
  std::vector<InputTensor> inputs;
  for (const TensorInfo& input : model.signature()->inputs) {
    if (input.any_rank || input.type == ElementType::kString) return absl::OkStatus();
    Zeros& tensor = zeros.emplace_back();
    tensor.shape = input.shape;
    std::replace(tensor.shape.begin(), tensor.shape.end(), int64_t{-1}, int64_t{1});
    const size_t bytes = ElementCount(tensor.shape).value_or(kMostBytes) * ElementSize(input.type);
    if (bytes > kMostBytes) return absl::OkStatus();
    tensor.memory.resize(bytes / sizeof(std::max_align_t) + 1);
    inputs.push_back({.name = input.name,
                      .type = input.type,
                      .shape = tensor.shape,
                      .data = std::as_bytes(std::span(tensor.memory)).first(bytes)});
  }
  InferRequest request;
  request.inputs = inputs;
  for (TrialRuns runs(kEnough); runs.Next();) LAMINA_RETURN_IF_ERROR(RunOnce(model, request));
  return absl::OkStatus();
}

}  // namespace lamina::server
