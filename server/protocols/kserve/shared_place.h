#ifndef LAMINA_SERVER_PROTOCOLS_KSERVE_SHARED_PLACE_H_
#define LAMINA_SERVER_PROTOCOLS_KSERVE_SHARED_PLACE_H_

#include <cstdint>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/shared_memory/shared_memory.h"

namespace lamina::server {

/// Where in shared memory a tensor lies, as its parameters say, over gRPC or REST.
struct SharedPlace {
  std::string_view region;  // a view of the message
  uint64_t offset = 0;
  uint64_t byte_size = 0;
};

/// The memory of a place. An error names `tensor`, "input 'x'"; INVALID_ARGUMENT: the request names no memory that is
/// registered; FAILED_PRECONDITION: it is not what was registered any more.
absl::StatusOr<SharedBytes> FindShared(const SharedMemory& shared_memory, const SharedPlace& place,
                                       std::string_view tensor);

/// What is wrong with a tensor's memory, with the tensor's name before it.
absl::Status WrongShared(std::string_view tensor, const absl::Status& status);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_KSERVE_SHARED_PLACE_H_
