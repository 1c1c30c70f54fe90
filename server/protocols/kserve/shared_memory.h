#ifndef LAMINA_SERVER_PROTOCOLS_KSERVE_SHARED_MEMORY_H_
#define LAMINA_SERVER_PROTOCOLS_KSERVE_SHARED_MEMORY_H_

#include <optional>
#include <span>
#include <string_view>

#include "absl/status/statusor.h"
#include "proto/kserve/inference.pb.h"
#include "server/protocols/kserve/request_message.h"
#include "server/protocols/kserve/shared_place.h"
#include "server/shared_memory/shared_memory.h"

namespace lamina::server {

/// Reads shared_memory_region, shared_memory_byte_size and shared_memory_offset of a tensor's parameters; nothing when
/// there is no region. `tensor` is for messages: "input 'x'".
absl::StatusOr<std::optional<SharedPlace>> ReadSharedPlace(const KserveParameters& parameters, std::string_view tensor);

SharedMemory::Region ReadRegion(const inference::SystemSharedMemoryRegisterRequest& request);

void WriteSharedMemoryStatus(std::span<const SharedMemory::Region> regions,
                             inference::SystemSharedMemoryStatusResponse& response);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_KSERVE_SHARED_MEMORY_H_
