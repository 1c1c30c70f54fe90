#ifndef LAMINA_SERVER_PROTOCOLS_KSERVE_REST_SHARED_MEMORY_H_
#define LAMINA_SERVER_PROTOCOLS_KSERVE_REST_SHARED_MEMORY_H_

#include <span>
#include <string_view>

#include "absl/status/statusor.h"
#include "server/protocols/http/json_writer.h"
#include "server/shared_memory/shared_memory.h"

namespace lamina::server {

/// Reads `{"key": "/name", "offset": 0, "byte_size": 64}` of a registration; keys that are not known are passed over,
/// and what is missing is for SharedMemory to find.
absl::StatusOr<SharedMemory::Region> ReadRegionBody(std::string_view name, std::string_view body);

void WriteSharedMemoryStatus(std::span<const SharedMemory::Region> regions, JsonWriter& json);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_KSERVE_REST_SHARED_MEMORY_H_
