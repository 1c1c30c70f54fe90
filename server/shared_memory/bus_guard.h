#ifndef LAMINA_SERVER_SHARED_MEMORY_BUS_GUARD_H_
#define LAMINA_SERVER_SHARED_MEMORY_BUS_GUARD_H_

#include <cstddef>
#include <optional>
#include <span>

namespace lamina::server {

/// Memory that can be guarded at the same time.
inline constexpr size_t kMostGuarded = 1024;

/// From here on a SIGBUS within `pages`, a mapping of a file, puts zeros in the place of all of it, and the access goes
/// on. Returns the guard's number, or nothing when there are kMostGuarded. Any other SIGBUS is handled as it was
/// before. Thread-safe.
std::optional<size_t> GuardAgainstSigbus(std::span<std::byte> pages);

/// Whether zeros have taken the place of what was mapped.
bool WasTorn(size_t guard);

/// REQUIRES: nobody uses the pages any more, and they are still mapped.
void EndGuard(size_t guard);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_SHARED_MEMORY_BUS_GUARD_H_
