#ifndef LAMINA_SERVER_SHARED_MEMORY_SHARED_MEMORY_H_
#define LAMINA_SERVER_SHARED_MEMORY_SHARED_MEMORY_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "server/shared_memory/shared_mapping.h"
#include "server/threads/mutex.h"

namespace lamina::server {

/// A tensor's memory in a region. It stays mapped while this exists, even if the region is unregistered meanwhile. Its
/// contents are another process's, and may change at any time: what decides about memory, such as a length, is to be
/// read once.
struct SharedBytes {
  std::span<std::byte> bytes;
  std::shared_ptr<const SharedMapping> mapping;

  /// To be called when the request is done: an error when what was read or written was not the region.
  absl::Status Check() const { return mapping->Check(); }
};

/// The regions of system shared memory that clients have registered, by name. Thread-safe.
class SharedMemory {
 public:
  struct Region {
    std::string name;
    std::string key;  // of shm_open
    uint64_t offset = 0;
    uint64_t byte_size = 0;

    bool operator==(const Region&) const = default;
  };

  /// ALREADY_EXISTS when the name is taken.
  absl::Status Register(const Region& region);

  /// Nothing happens when there is none of this name.
  void Unregister(const std::string& name);
  void UnregisterAll();

  /// One region, or all by name when `name` is empty.
  absl::StatusOr<std::vector<Region>> Status(const std::string& name) const;

  /// `byte_size` bytes of a region, from `offset` in it.
  absl::StatusOr<SharedBytes> Find(std::string_view name, uint64_t offset, uint64_t byte_size) const;

 private:
  struct Registered {
    Region region;
    std::shared_ptr<const SharedMapping> mapping;
  };

  mutable Mutex mutex_;
  std::map<std::string, Registered, std::less<>> regions_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_SHARED_MEMORY_SHARED_MEMORY_H_
