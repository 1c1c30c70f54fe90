// The workspace of a block layout, its constants filled in.
#ifndef LAMINA_EXTENSION_FOREST_BLOCK_WORKSPACE_H_
#define LAMINA_EXTENSION_FOREST_BLOCK_WORKSPACE_H_

#include <cstring>

#include "extension/forest/layout.h"

namespace lamina::forest {

inline WorkspacePool::Loan BorrowWorkspace(WorkspacePool& pool, const BlockLayout& layout, size_t targets) {
  const size_t bytes = layout.workspace_bytes(targets);
  return pool.Borrow(bytes, [&](uint8_t* memory) {
    std::memset(memory, 0, bytes);
    for (uint32_t i = 0; i < kMaxLeaves; ++i)
      std::memset(memory + layout.constants_at() + size_t{i} * kVectorBytes, static_cast<int>(i), kVectorBytes);
  });
}

}  // namespace lamina::forest

#endif  // LAMINA_EXTENSION_FOREST_BLOCK_WORKSPACE_H_
