// The kernels of one instruction set, and the choice among them.
#ifndef LAMINA_EXTENSION_FOREST_KERNELS_H_
#define LAMINA_EXTENSION_FOREST_KERNELS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "extension/forest/layout.h"

namespace lamina::forest {

struct Kernels {
  const char* target;  // Highway's name
  size_t vector_bytes;

  /// Fills the columns of ranks from `count` <= layout.rows rows of floats. What follows in the columns is left as it
  /// is. REQUIRES: count > 0, stride >= the features that the layout reads.
  void (*rank_rows)(const BlockLayout& layout, const float* rows, size_t stride, size_t count, uint8_t* columns);

  /// Runs the trees over the columns and writes the combined weights, `targets` a row. `workspace`:
  /// BlockLayout::workspace_bytes, aligned to 64, constants filled in, columns from rank_rows.
  void (*run_trees)(const BlockLayout& layout, Aggregate aggregate, size_t targets, size_t count, uint8_t* workspace,
                    float* scores);

  /// Both at once for few rows, one at a time. REQUIRES: layout.single, stride >= the features that the layout reads.
  void (*run_single)(const BlockLayout& layout, Aggregate aggregate, size_t targets, const float* rows, size_t stride,
                     size_t count, float* scores);

  /// Rows up to which run_single is faster.
  size_t single_rows;

  /// Runs the trees over the columns and writes their leaf numbers: a row's number in tree t to numbers[t * stride +
  /// row]. REQUIRES: room for a whole vector after each tree's last number.
  void (*number_rows)(const BlockLayout& layout, size_t count, uint8_t* workspace, uint8_t* numbers, size_t stride);
};

/// All that were compiled in, best first. The CPU may not have their instructions.
std::vector<const Kernels*> CompiledKernels();

/// The kernels in use; null if the CPU has no target that was compiled in.
const Kernels* ChosenKernels();

}  // namespace lamina::forest

#endif  // LAMINA_EXTENSION_FOREST_KERNELS_H_
