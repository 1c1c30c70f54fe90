#include "server/shared_memory/shared_memory.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "server/api/status_macros.h"

namespace lamina::server {
namespace {

absl::Status NotRegistered(std::string_view name) {
  return absl::NotFoundError(
      absl::StrCat("there is no region '", std::string(name), "' of shared memory; register it first"));
}

}  // namespace

absl::Status SharedMemory::Register(const Region& region) {
  if (region.name.empty()) return absl::InvalidArgumentError("the region of shared memory has no name; give it one");
  LAMINA_ASSIGN_OR_RETURN(auto mapping, SharedMapping::Open(region.key, region.offset, region.byte_size));
  MutexLock lock(mutex_);
  if (regions_.emplace(region.name, Registered{region, std::move(mapping)}).second) return absl::OkStatus();
  return absl::AlreadyExistsError(absl::StrCat("the region '", region.name,
                                               "' of shared memory is registered already; unregister it first, or give "
                                               "the new one another name"));
}

void SharedMemory::Unregister(const std::string& name) {
  std::shared_ptr<const SharedMapping> last;  // unmapped after the lock
  MutexLock lock(mutex_);
  const auto region = regions_.find(name);
  if (region == regions_.end()) return;
  last = std::move(region->second.mapping);
  regions_.erase(region);
}

void SharedMemory::UnregisterAll() {
  std::map<std::string, Registered, std::less<>> all;
  MutexLock lock(mutex_);
  all.swap(regions_);
}

absl::StatusOr<std::vector<SharedMemory::Region>> SharedMemory::Status(const std::string& name) const {
  MutexLock lock(mutex_);
  std::vector<Region> regions;
  for (const auto& [key, registered] : regions_) {
    if (name.empty() || key == name) regions.push_back(registered.region);
  }
  if (regions.empty() && !name.empty()) return NotRegistered(name);
  return regions;
}

absl::StatusOr<SharedBytes> SharedMemory::Find(std::string_view name, uint64_t offset, uint64_t byte_size) const {
  SharedBytes found;
  {
    MutexLock lock(mutex_);
    const auto region = regions_.find(name);
    if (region == regions_.end()) return NotRegistered(name);
    found.mapping = region->second.mapping;
  }
  const std::span<std::byte> all = found.mapping->bytes();
  if (byte_size > all.size() || offset > all.size() - byte_size) {
    return absl::InvalidArgumentError(absl::StrCat("the region '", std::string(name), "' of shared memory has ",
                                                   all.size(), " bytes: it holds no ", byte_size, " bytes from ",
                                                   offset));
  }
  LAMINA_RETURN_IF_ERROR(found.mapping->Check());
  found.bytes = all.subspan(offset, byte_size);
  return found;
}

}  // namespace lamina::server
