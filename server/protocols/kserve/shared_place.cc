#include "server/protocols/kserve/shared_place.h"

#include <string>

#include "absl/strings/str_cat.h"

namespace lamina::server {

absl::StatusOr<SharedBytes> FindShared(const SharedMemory& shared_memory, const SharedPlace& place,
                                       std::string_view tensor) {
  absl::StatusOr<SharedBytes> found = shared_memory.Find(place.region, place.offset, place.byte_size);
  if (found.ok()) return found;
  // What an inference does not find is a model: clients go by the code.
  const bool no_region = absl::IsNotFound(found.status());
  return WrongShared(tensor, no_region ? absl::InvalidArgumentError(found.status().message()) : found.status());
}

absl::Status WrongShared(std::string_view tensor, const absl::Status& status) {
  return {status.code(), absl::StrCat(std::string(tensor), ": ", status.message())};
}

}  // namespace lamina::server
