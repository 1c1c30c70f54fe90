#include "extension/forest/predict.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <vector>

#include "extension/forest/kernels.h"
#include "extension/forest/walk.h"

namespace lamina::forest {
namespace {

constexpr size_t kWalkBlock = 256;

template <class Body>
void ForBlocks(size_t rows, size_t block, bool spread, const Parallel& parallel, const Body& body) {
  const size_t blocks = (rows + block - 1) / block;
  const auto run = [&](size_t i) { body(i * block, std::min(rows, (i + 1) * block)); };
  if (spread && blocks > 1 && parallel.threads > 1) return parallel.run(blocks, run);
  for (size_t i = 0; i < blocks; ++i) run(i);
}

template <class T>
void AddBaseValues(const Layout& layout, size_t rows, T* scores) {
  const size_t targets = layout.targets, bases = layout.base_values.size();
  if (layout.aggregate == Aggregate::kAverage)
    for (size_t i = 0; i < rows * targets; ++i) scores[i] /= static_cast<T>(layout.tree_count);
  if (bases == 0) return;
  for (size_t i = 0; i < rows * targets; ++i) scores[i] += static_cast<T>(layout.base_values[bases == 1 ? 0 : i % targets]);
}

template <class T>
void WalkAll(const Layout& layout, const Rows& rows, T* scores, const Parallel& parallel) {
  ForBlocks(rows.count, kWalkBlock, true, parallel, [&](size_t begin, size_t end) {
    WalkRows(layout, rows, begin, end, scores);
    AddBaseValues(layout, end - begin, scores + begin * layout.targets);
  });
}

/// Integers are compared as floats.
template <class Int>
std::vector<float> AsFloats(const Rows& rows, size_t begin, size_t end) {
  const Int* data = static_cast<const Int*>(rows.data);
  return std::vector<float>(data + begin * rows.stride, data + end * rows.stride);
}

/// Ranks of doubles, one by one.
void RankDoubles(const BlockLayout& layout, const Rows& rows, size_t begin, size_t end, uint8_t* columns) {
  const auto* data = static_cast<const double*>(rows.data);
  for (const RankedFeature& f : layout.ranks.features()) {
    const int64_t* keys = layout.ranks.double_keys().data() + f.first_key;
    for (size_t r = begin; r < end; ++r) {
      const double x = data[r * rows.stride + f.feature];
      const auto rank = std::lower_bound(keys, keys + f.cuts, KeyOf(x)) - keys;
      uint8_t* column = columns + size_t{f.first_column} * layout.rows + (r - begin);
      for (uint32_t s = 0; s < f.segments; ++s) {
        const auto byte = static_cast<uint8_t>(std::clamp<ptrdiff_t>(rank - static_cast<ptrdiff_t>(s * f.step), 0, 255));
        if (f.nan_low) *column = byte ^ 0x80, column += layout.rows;
        if (f.nan_high) *column = (x != x ? 255 : byte) ^ 0x80, column += layout.rows;
      }
    }
  }
}

void RankBlock(const Kernels& kernels, const BlockLayout& layout, const Rows& rows, size_t begin, size_t end, uint8_t* columns) {
  if (rows.type == RowType::kDouble) return RankDoubles(layout, rows, begin, end, columns);
  if (rows.type == RowType::kFloat)
    return kernels.rank_rows(layout, static_cast<const float*>(rows.data) + begin * rows.stride, rows.stride, end - begin, columns);
  const std::vector<float> floats = rows.type == RowType::kInt32 ? AsFloats<int32_t>(rows, begin, end) : AsFloats<int64_t>(rows, begin, end);
  kernels.rank_rows(layout, floats.data(), rows.stride, end - begin, columns);
}

void PrepareWorkspace(const BlockLayout& layout, uint8_t* workspace) {
  std::memset(workspace, 0, layout.constants_at());
  for (uint32_t i = 0; i < kMaxLeaves; ++i) std::memset(workspace + layout.constants_at() + size_t{i} * kVectorBytes, static_cast<int>(i), kVectorBytes);
}

}  // namespace

void PredictRows(const Layout& layout, const Rows& rows, float* scores, const Parallel& parallel) {
  const Kernels* kernels = ChosenKernels();
  if (!layout.blocks || !kernels) return WalkAll(layout, rows, scores, parallel);
  const BlockLayout& blocks = *layout.blocks;
  ForBlocks(rows.count, blocks.rows, true, parallel, [&](size_t begin, size_t end) {
    const auto loan = layout.workspaces.Borrow(blocks.workspace_bytes(layout.targets), [&](uint8_t* memory) { PrepareWorkspace(blocks, memory); });
    RankBlock(*kernels, blocks, rows, begin, end, loan.bytes());
    float* to = scores + begin * layout.targets;
    kernels->run_trees(blocks, layout.aggregate, layout.targets, end - begin, loan.bytes(), to);
    AddBaseValues(layout, end - begin, to);
  });
}

void PredictRows(const Layout& layout, const Rows& rows, double* scores, const Parallel& parallel) { WalkAll(layout, rows, scores, parallel); }

}  // namespace lamina::forest
