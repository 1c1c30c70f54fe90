#include "server/protocols/kserve/rest_shared_memory.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "server/json/json_reader.h"
#include "server/protocols/http/json_body.h"

namespace lamina::server {

absl::StatusOr<SharedMemory::Region> ReadRegionBody(std::string_view name, std::string_view body) {
  SharedMemory::Region region{.name = std::string(name)};
  JsonReader json(body);
  std::string_view member, key;
  for (UniqueMembers members(json); members.Next(member);) {
    const bool read = member == "key"         ? json.ReadString(key)
                      : member == "offset"    ? json.ReadNumber(region.offset)
                      : member == "byte_size" ? json.ReadNumber(region.byte_size)
                                              : json.Skip();
    if (!read) json.FailIn(member);
  }
  json.Finish();
  if (!json.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("Invalid JSON in request body: ", std::string(json.status().message())));
  }
  region.key = std::string(key);
  return region;
}

void WriteSharedMemoryStatus(std::span<const SharedMemory::Region> regions, JsonWriter& json) {
  json.BeginArray();
  for (const SharedMemory::Region& region : regions) {
    json.BeginObject().Key("name").String(region.name).Key("key").String(region.key);
    json.Key("offset").Number(region.offset).Key("byte_size").Number(region.byte_size).EndObject();
  }
  json.EndArray();
}

}  // namespace lamina::server
