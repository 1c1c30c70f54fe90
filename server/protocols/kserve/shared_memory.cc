#include "server/protocols/kserve/shared_memory.h"

#include <string>
#include <variant>

#include "absl/strings/str_cat.h"
#include "server/api/status_macros.h"

namespace lamina::server {
namespace {

absl::Status Refuse(std::string_view tensor, const char* key, const char* expected) {
  return absl::InvalidArgumentError(
      absl::StrCat(std::string(tensor), ": the parameter ", key, " is missing or wrong; expected ", expected));
}

/// A number from 0, whichever of the two types it came in.
absl::StatusOr<uint64_t> ReadSize(const KserveParameters& parameters, const char* key, std::string_view tensor,
                                  std::optional<uint64_t> otherwise) {
  const std::optional<KserveParameter> parameter = parameters.Find(key);
  if (!parameter && otherwise) return *otherwise;
  if (parameter) {
    if (const auto* value = std::get_if<uint64_t>(&*parameter)) return *value;
    if (const auto* value = std::get_if<int64_t>(&*parameter); value != nullptr && *value >= 0) {
      return static_cast<uint64_t>(*value);
    }
  }
  return Refuse(tensor, key, "an int64_param from 0");
}

}  // namespace

absl::StatusOr<std::optional<SharedPlace>> ReadSharedPlace(const KserveParameters& parameters,
                                                           std::string_view tensor) {
  const std::optional<KserveParameter> region = parameters.Find("shared_memory_region");
  if (!region) {
    if (!parameters.Has("shared_memory_byte_size")) return std::nullopt;
    return Refuse(tensor, "shared_memory_region", "a string_param, as there is a shared_memory_byte_size");
  }
  const auto* name = std::get_if<std::string_view>(&*region);
  if (name == nullptr) return Refuse(tensor, "shared_memory_region", "a string_param");
  SharedPlace place{.region = *name};
  LAMINA_ASSIGN_OR_RETURN(place.byte_size, ReadSize(parameters, "shared_memory_byte_size", tensor, std::nullopt));
  LAMINA_ASSIGN_OR_RETURN(place.offset, ReadSize(parameters, "shared_memory_offset", tensor, 0));
  return place;
}

SharedMemory::Region ReadRegion(const inference::SystemSharedMemoryRegisterRequest& request) {
  return {.name = request.name(), .key = request.key(), .offset = request.offset(), .byte_size = request.byte_size()};
}

void WriteSharedMemoryStatus(std::span<const SharedMemory::Region> regions,
                             inference::SystemSharedMemoryStatusResponse& response) {
  for (const SharedMemory::Region& region : regions) {
    auto& status = (*response.mutable_regions())[region.name];
    status.set_name(region.name);
    status.set_key(region.key);
    status.set_offset(region.offset);
    status.set_byte_size(region.byte_size);
  }
}

}  // namespace lamina::server
