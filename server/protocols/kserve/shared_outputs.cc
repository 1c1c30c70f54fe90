#include "server/protocols/kserve/shared_outputs.h"

#include <cstring>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/api/status_macros.h"

namespace lamina::server {
namespace {

std::string Label(std::string_view name) { return absl::StrCat("output '", std::string(name), "'"); }

}  // namespace

size_t SharedOutputs::Find(std::string_view name) const {
  size_t i = 0;
  while (i < outputs_.size() && outputs_[i].name != name) ++i;
  return i;
}

absl::Status SharedOutputs::Add(std::string_view name, const SharedPlace& place, const SharedMemory& shared_memory) {
  LAMINA_ASSIGN_OR_RETURN(SharedBytes shared, FindShared(shared_memory, place, Label(name)));
  outputs_.push_back({.name = name, .place = place, .shared = std::move(shared), .memory = {}});
  return absl::OkStatus();
}

absl::StatusOr<std::span<std::byte>> SharedOutputs::Reserve(std::string_view name, size_t byte_size) {
  Output& output = outputs_[Find(name)];
  if (byte_size > output.shared.bytes.size()) {
    return absl::InvalidArgumentError(absl::StrCat(Label(name), " has ", byte_size,
                                                   " bytes, its place in shared memory ", output.shared.bytes.size(),
                                                   "; ask with a larger shared_memory_byte_size"));
  }
  output.memory = Bytes(byte_size);
  return output.memory.span();
}

SharedPlace SharedOutputs::Written(std::string_view name) const {
  const Output& output = outputs_[Find(name)];
  return {.region = output.place.region, .offset = output.place.offset, .byte_size = output.memory.size()};
}

absl::Status SharedOutputs::Deliver() {
  for (const Output& output : outputs_) {
    absl::Status status = output.shared.Check();
    if (status.ok() && output.memory.size() > 0) {
      std::memcpy(output.shared.bytes.data(), output.memory.data(), output.memory.size());
      status = output.shared.Check();
    }
    if (!status.ok()) return WrongShared(Label(output.name), status);
  }
  return absl::OkStatus();
}

}  // namespace lamina::server
