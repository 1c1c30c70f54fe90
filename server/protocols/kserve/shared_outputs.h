#ifndef LAMINA_SERVER_PROTOCOLS_KSERVE_SHARED_OUTPUTS_H_
#define LAMINA_SERVER_PROTOCOLS_KSERVE_SHARED_OUTPUTS_H_

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/api/bytes.h"
#include "server/protocols/kserve/shared_place.h"

namespace lamina::server {

/// The outputs of one request that go to shared memory; nearly every request has none. They are written to memory of
/// our own and copied when all is done: an engine may read again what it wrote, and another process could have changed
/// it. Used by one thread at a time.
class SharedOutputs {
 public:
  /// `name` and the place's must stay. The region stays mapped while this exists.
  absl::Status Add(std::string_view name, const SharedPlace& place, const SharedMemory& shared_memory);

  bool Has(std::string_view name) const { return Find(name) != outputs_.size(); }

  /// Memory for an output of `byte_size` bytes; INVALID_ARGUMENT when its place has fewer. REQUIRES: Has(name).
  absl::StatusOr<std::span<std::byte>> Reserve(std::string_view name, size_t byte_size);

  /// The place of what was written: of the one that was asked for, as much as it took. REQUIRES: Has(name).
  SharedPlace Written(std::string_view name) const;

  /// Copies what was written to where clients see it.
  absl::Status Deliver();

 private:
  struct Output {
    std::string_view name;
    SharedPlace place;
    SharedBytes shared;
    Bytes memory;
  };

  size_t Find(std::string_view name) const;

  std::vector<Output> outputs_;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_PROTOCOLS_KSERVE_SHARED_OUTPUTS_H_
