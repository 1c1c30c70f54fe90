// Values that the engine delivers in another element type than the model declares: it computes in f32 and i32 and keeps
// booleans in bytes. A layer sees what the model declares.
#ifndef LAMINA_EXTENSION_BRIDGE_NARROWED_H_
#define LAMINA_EXTENSION_BRIDGE_NARROWED_H_

#include <cstddef>
#include <cstdint>

#include "extension/bridge/scratch.h"

namespace lamina::bridge {

/// True if the engine may stand `actual` in for `declared`, and Restore can turn it back.
bool CanRestore(int32_t declared, int32_t actual);

/// The values in their declared type: in memory of the scratch, or where they are if the bytes are the same.
/// REQUIRES: CanRestore(declared, actual). Throws std::bad_alloc.
const void* Restore(int32_t declared, int32_t actual, const void* data, size_t count, Scratch& scratch);

}  // namespace lamina::bridge

#endif  // LAMINA_EXTENSION_BRIDGE_NARROWED_H_
