#ifndef LAMINA_SERVER_PROTOCOLS_KSERVE_SHARED_INPUT_H_
#define LAMINA_SERVER_PROTOCOLS_KSERVE_SHARED_INPUT_H_

#include <cstddef>

#include "absl/status/statusor.h"
#include "server/api/bytes.h"
#include "server/api/derived_memory.h"
#include "server/api/tensor.h"
#include "server/protocols/kserve/shared_place.h"

namespace lamina::server {

/// The bytes of an input of `count` elements that lies in shared memory, copied, so that nobody changes what was
/// checked. Of `tensor` name, type and shape are used. An error names it: as FindShared has them, and INVALID_ARGUMENT
/// when there are more or fewer bytes than elements of that type take; RESOURCE_EXHAUSTED from `memory`. Of BYTES
/// nobody knows yet how many they take.
absl::StatusOr<Bytes> CopySharedInput(const InputTensor& tensor, size_t count, const SharedPlace& place,
                                      const SharedMemory& shared_memory, DerivedMemory& memory);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_KSERVE_SHARED_INPUT_H_
