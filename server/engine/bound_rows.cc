#include "server/engine/bound_rows.h"

#include <cstring>
#include <string>

#include "server/api/status_macros.h"

namespace lamina::server {

BoundRows::BoundRows(ov::CompiledModel& model, size_t rows, const Ports& row_ports)
    : rows_(rows), row_ports_(row_ports), request_(model.create_infer_request()) {
  for (size_t i = 0; i < row_ports.inputs().size(); ++i) inputs_.push_back(request_.get_input_tensor(i));
  for (size_t i = 0; i < row_ports.outputs().size(); ++i) outputs_.push_back(request_.get_output_tensor(i));
}

void BoundRows::Bind(std::span<const InferCall> calls) {
  for (size_t i = 0; i < inputs_.size(); ++i) {
    auto* to = static_cast<std::byte*>(inputs_[i].data());
    for (size_t row = 0; row < rows_; ++row) {
      const std::span<const std::byte> from = calls[row < calls.size() ? row : 0].inputs[i]->data;
      if (!from.empty()) std::memcpy(to + row * from.size(), from.data(), from.size());
    }
  }
}

absl::Status BoundRows::Collect(const InferCall& call, size_t row) {
  for (size_t position = 0; position < call.outputs.size(); ++position) {
    const Port& port = row_ports_.outputs()[call.outputs[position]];
    const ov::Tensor& tensor = outputs_[call.outputs[position]];
    if (port.info.type == ElementType::kString) {
      const size_t width = tensor.get_size() / rows_;
      const std::span<const std::string> strings(tensor.data<const std::string>() + row * width, width);
      LAMINA_RETURN_IF_ERROR(call.sink->PutStrings(position, port.info, port.info.shape, strings));
      continue;
    }
    LAMINA_ASSIGN_OR_RETURN(const std::span<std::byte> memory,
                            call.sink->Reserve(position, port.info, port.info.shape, port.byte_size));
    if (memory.size() != port.byte_size) return WrongSize(port, memory.size(), port.byte_size);
    if (!memory.empty()) {
      std::memcpy(memory.data(), static_cast<const std::byte*>(tensor.data()) + row * memory.size(), memory.size());
    }
  }
  return absl::OkStatus();
}

}  // namespace lamina::server
