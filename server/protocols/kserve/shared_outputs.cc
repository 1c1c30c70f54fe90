#include "server/protocols/kserve/shared_outputs.h"

#include <cstring>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/api/status_macros.h"

namespace lamina::server {
namespace {

absl::Status Wrong(std::string_view output, const absl::Status& status) {
  return {status.code(), absl::StrCat("output '", std::string(output), "': ", std::string(status.message()))};
}

}  // namespace

size_t SharedOutputs::Find(std::string_view name) const {
  size_t i = 0;
  while (i < outputs_.size() && outputs_[i].name != name) ++i;
  return i;
}

absl::Status SharedOutputs::Add(std::string_view name, const SharedPlace& place, const SharedMemory& shared_memory) {
  absl::StatusOr<SharedBytes> found = shared_memory.Find(place.region, place.offset, place.byte_size);
  if (!found.ok()) return Wrong(name, absl::InvalidArgumentError(found.status().message()));
  outputs_.push_back({.name = name, .place = *std::move(found), .memory = {}});
  return absl::OkStatus();
}

absl::StatusOr<std::span<std::byte>> SharedOutputs::Reserve(std::string_view name, size_t byte_size) {
  Output& output = outputs_[Find(name)];
  if (byte_size > output.place.bytes.size()) {
    return absl::InvalidArgumentError(absl::StrCat("output '", std::string(name), "' has ", byte_size,
                                                   " bytes, its place in shared memory ", output.place.bytes.size(),
                                                   "; ask with a larger shared_memory_byte_size"));
  }
  output.memory = Bytes(byte_size);
  return output.memory.span();
}

absl::Status SharedOutputs::Deliver() {
  for (const Output& output : outputs_) {
    absl::Status status = output.place.Check();
    if (status.ok() && output.memory.size() > 0) {
      std::memcpy(output.place.bytes.data(), output.memory.data(), output.memory.size());
      status = output.place.Check();
    }
    if (!status.ok()) return Wrong(output.name, status);
  }
  return absl::OkStatus();
}

}  // namespace lamina::server
