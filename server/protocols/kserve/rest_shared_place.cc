#include "server/protocols/kserve/rest_shared_place.h"

namespace lamina::server {
namespace {

constexpr std::string_view kRegion = "shared_memory_region";
constexpr std::string_view kByteSize = "shared_memory_byte_size";
constexpr std::string_view kOffset = "shared_memory_offset";

}  // namespace

bool RestSharedPlace::IsParameter(std::string_view key) { return key == kRegion || key == kByteSize || key == kOffset; }

bool RestSharedPlace::ReadParameter(JsonReader& json, std::string_view key) {
  const bool read = key == kRegion     ? json.ReadString(region_.emplace())
                    : key == kByteSize ? json.ReadNumber(byte_size_.emplace())
                                       : json.ReadNumber(offset_);
  return read || json.FailIn(key);
}

bool RestSharedPlace::Complete(JsonReader& json) const {
  if (region_ && !byte_size_)
    return json.Fail("shared_memory_byte_size is missing; say how many bytes of the region are the tensor's");
  if (byte_size_ && !region_) return json.Fail("shared_memory_region is missing; name the region that was registered");
  return true;
}

std::optional<SharedPlace> RestSharedPlace::place() const {
  if (!region_) return std::nullopt;
  return SharedPlace{.region = *region_, .offset = offset_, .byte_size = *byte_size_};
}

}  // namespace lamina::server
