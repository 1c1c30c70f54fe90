#include "server/engine/row_trial.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <random>
#include <string>

#include "server/engine/bound_rows.h"
#include "server/engine/least_times.h"
#include "server/engine/one_thread.h"

namespace lamina::server {
namespace {

// Rows are copied into a batch: large ones would cost more than they save.
constexpr size_t kMostRowBytes = 4096;
constexpr auto kEnough = std::chrono::milliseconds(2);

template <typename T>
void Put(T value, std::byte* to) {
  std::memcpy(to, &value, sizeof value);
}

/// Floats between -2 and 2 (16-bit ones between 1 and 2), and small whole numbers.
void PutChance(ElementType type, std::mt19937& chance, std::byte* to) {
  const auto bits = static_cast<uint32_t>(chance());
  const double number = bits / 1073741824.0 - 2;
  switch (type) {
    case ElementType::kF32:
      return Put(static_cast<float>(number), to);
    case ElementType::kF64:
      return Put(number, to);
    case ElementType::kF16:
      return Put(static_cast<uint16_t>(0x3C00 | (bits >> 22)), to);
    case ElementType::kBF16:
      return Put(static_cast<uint16_t>(0x3F80 | (bits >> 25)), to);
    case ElementType::kBool:
      return Put(static_cast<uint8_t>(bits >> 31), to);
    default:
      return Put(static_cast<uint8_t>(bits >> 29), to);
  }
}

/// The least time of an inference.
std::chrono::nanoseconds TimeOf(ov::InferRequest& request) {
  LeastTimes least;
  for (TrialRuns runs(kEnough); runs.Next();) {
    const LeastTimes::One one;
    request.infer();
    least.Add(one);
  }
  return least.own();
}

}  // namespace

class RowTrial::Sink final : public OutputSink {
 public:
  explicit Sink(Row& row) : row_(row) {}

  absl::StatusOr<std::span<std::byte>> Reserve(size_t index, const TensorInfo&, std::span<const int64_t>,
                                               size_t byte_size) override {
    return std::span(row_.outputs[index] = Memory(byte_size));
  }
  absl::Status PutStrings(size_t index, const TensorInfo&, std::span<const int64_t>,
                          std::span<const std::string> values) override {
    row_.strings[index].assign(values.begin(), values.end());
    return absl::OkStatus();
  }

 private:
  Row& row_;
};

RowTrial::RowTrial(ov::CompiledModel& row, const Ports& row_ports) : ports_(row_ports) {
  size_t bytes = 0;
  for (const auto* ports : {&ports_.inputs(), &ports_.outputs()}) {
    for (const Port& port : *ports) {
      possible_ &= port.fixed && !port.shape.to_shape().empty() && port.shape[0] == 1;
      bytes += port.byte_size;
    }
  }
  for (const Port& port : ports_.inputs()) possible_ &= port.info.type != ElementType::kString;
  possible_ &= bytes <= kMostRowBytes;
  if (!possible_) return;
  MakeRows();
  BoundRequest request(row, ports_);
  OnOneThread([&] {
    for (Row& one : rows_) {
      Sink sink(one);
      const InferCall call = CallOf(one, sink);
      possible_ &= request.Bind(call).ok();
      request.engine().infer();
      possible_ &= request.Collect(call).ok();
    }
    row_time_ = TimeOf(request.engine());
  });
}

void RowTrial::MakeRows() {
  std::mt19937 chance(1);
  rows_.assign(kRows, Answer());
  for (Row& row : rows_) {
    for (const Port& port : ports_.inputs()) {
      Memory& memory = row.inputs.emplace_back(port.byte_size);
      const size_t width = ElementSize(port.info.type);
      for (size_t at = 0; at < memory.size(); at += width) PutChance(port.info.type, chance, &memory[at]);
      row.tensors.push_back({.name = port.info.name, .type = port.info.type, .shape = port.info.shape, .data = memory});
    }
  }
}

InferCall RowTrial::CallOf(const Row& row, OutputSink& sink) const {
  InferCall call;
  call.sink = &sink;
  for (const InputTensor& tensor : row.tensors) call.inputs.push_back(&tensor);
  for (size_t i = 0; i < ports_.outputs().size(); ++i) call.outputs.push_back(i);
  return call;
}

/// With room for outputs, and nothing else.
RowTrial::Row RowTrial::Answer() const {
  Row row;
  row.outputs.resize(ports_.outputs().size());
  row.strings.resize(ports_.outputs().size());
  return row;
}

/// Every output has as many rows as the inputs.
bool RowTrial::HasRows(const ov::CompiledModel& compiled, size_t rows) const {
  for (size_t i = 0; i < ports_.outputs().size(); ++i) {
    ov::PartialShape shape = ports_.outputs()[i].shape;
    shape[0] = static_cast<int64_t>(rows);
    if (compiled.output(i).get_partial_shape() != shape) return false;
  }
  return true;
}

bool RowTrial::GivesTheSame(BoundRows& request, std::span<const Row* const> rows) const {
  std::vector<Row> got(rows.size(), Answer());
  std::vector<Sink> sinks(got.begin(), got.end());
  std::vector<InferCall> calls;
  for (size_t i = 0; i < rows.size(); ++i) calls.push_back(CallOf(*rows[i], sinks[i]));
  request.Bind(calls);
  request.engine().infer();
  for (size_t i = 0; i < rows.size(); ++i) {
    if (!request.Collect(calls[i], i).ok() || got[i].outputs != rows[i]->outputs || got[i].strings != rows[i]->strings)
      return false;
  }
  return true;
}

std::optional<std::chrono::nanoseconds> RowTrial::Try(ov::CompiledModel& compiled, size_t rows) {
  if (!HasRows(compiled, rows)) return std::nullopt;
  BoundRows request(compiled, rows, ports_);
  std::optional<std::chrono::nanoseconds> time;
  OnOneThread([&] {
    for (size_t first = 0; first < 2 * kRows; first += rows) {
      std::vector<const Row*> chosen;
      for (size_t i = 0; i < rows; ++i) chosen.push_back(&rows_[(first + i + first / kRows) % kRows]);
      if (!GivesTheSame(request, chosen)) return;
    }
    time = TimeOf(request.engine());
  });
  return time;
}

}  // namespace lamina::server
