#include "extension/forest/predict.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "extension/forest/block_workspace.h"
#include "extension/forest/deep.h"
#include "extension/forest/float_rows.h"
#include "extension/forest/kernels.h"
#include "extension/forest/walk.h"

namespace lamina::forest {
namespace {

constexpr size_t kWalkBlock = 256;
// What a batch costs, in nanoseconds, measured on one core of a Zen 3: a node and 16 entries of weights for a vector of
// rows, a value's rank.
constexpr double kNodeNs = 0.35, kEntriesNs = 2.5, kRankNs = 1.5;
// Of work that pays for waking threads: less was slower in 2 than in 1 in a virtual machine, where a wake takes 30 to
// 70 us.
constexpr double kMinThreadsNs = 80'000;
constexpr size_t kMinDeepRows = 32, kMaxDeepRows = 16384;  // of a block that walks together

template <class Body>
void ForBlocks(size_t rows, size_t block, bool spread, const Parallel& parallel, const Body& body) {
  const size_t blocks = (rows + block - 1) / block;
  const auto run = [&](size_t i) { body(i * block, std::min(rows, (i + 1) * block)); };
  if (spread && blocks > 1 && parallel.threads > 1) return parallel.run(blocks, run);
  for (size_t i = 0; i < blocks; ++i) run(i);
}

/// To every score, or to those that `has` a weight.
template <class T>
void AddBaseValues(const Layout& layout, size_t rows, T* scores, const char* has = nullptr) {
  const size_t targets = layout.targets, bases = layout.base_values.size();
  if (layout.aggregate == Aggregate::kAverage)
    for (size_t i = 0; i < rows * targets; ++i) scores[i] /= static_cast<T>(layout.tree_count);
  if (bases == 0) return;
  for (size_t i = 0; i < rows * targets; ++i)
    if (!has || has[i]) scores[i] += static_cast<T>(layout.base_values[bases == 1 ? 0 : i % targets]);
}

template <class T>
void WalkAll(const Layout& layout, const Rows& rows, T* scores, const Parallel& parallel) {
  ForBlocks(rows.count, kWalkBlock, true, parallel, [&](size_t begin, size_t end) {
    std::vector<char> has((end - begin) * layout.targets);
    WalkRows(layout, rows, begin, end, scores, has.data());
    AddBaseValues(layout, end - begin, scores + begin * layout.targets,
                  layout.base_needs_weight ? has.data() : nullptr);
  });
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
        const auto byte =
            static_cast<uint8_t>(std::clamp<ptrdiff_t>(rank - static_cast<ptrdiff_t>(s * f.step), 0, 255));
        if (f.nan_low) *column = byte ^ 0x80, column += layout.rows;
        if (f.nan_high) *column = (x != x ? 255 : byte) ^ 0x80, column += layout.rows;
      }
    }
  }
}

void RankBlock(const Kernels& kernels, const BlockLayout& layout, const Rows& rows, size_t begin, size_t end,
               uint8_t* columns) {
  if (rows.type == RowType::kDouble) return RankDoubles(layout, rows, begin, end, columns);
  const FloatRows floats(rows, begin, end, Rounding::kNone);
  kernels.rank_rows(layout, floats.data(), rows.stride, end - begin, columns);
}

/// Whether the rows are enough work to wake other threads for, a matter of some microseconds.
bool WorthThreads(const BlockLayout& layout, const Kernels& kernels, size_t rows) {
  const size_t vectors = (rows + kernels.vector_bytes - 1) / kernels.vector_bytes,
               nodes = layout.tests.size() + layout.ops.size();
  const double vector_ns = static_cast<double>(nodes) * kNodeNs +
                           static_cast<double>(layout.tables.size() / (4 * kTableEntries)) * kEntriesNs;
  return static_cast<double>(vectors) * vector_ns + static_cast<double>(rows * layout.ranks.columns()) * kRankNs >
         kMinThreadsNs;
}

/// Rows of a block so that each thread gets some: whole vectors, but not more than a full block.
size_t BlockForThreads(const BlockLayout& layout, const Kernels& kernels, size_t rows, size_t threads) {
  const size_t share = (rows + threads - 1) / threads, vector = kernels.vector_bytes;
  return std::clamp<size_t>((share + vector - 1) / vector * vector, vector, layout.rows);
}

/// Deep trees in blocks as long as can be: what the walks read of a tree is then read once.
void PredictDeepRows(const Layout& layout, const Rows& rows, float* scores, const Parallel& parallel) {
  const size_t parts = std::max((rows.count + kMaxDeepRows - 1) / kMaxDeepRows,
                                std::min(parallel.threads, (rows.count + kMinDeepRows - 1) / kMinDeepRows));
  const size_t block = (rows.count + parts - 1) / std::max<size_t>(parts, 1);
  ForBlocks(rows.count, block, true, parallel, [&](size_t begin, size_t end) {
    const FloatRows floats(rows, begin, end, layout.rounding);
    float* to = scores + begin * layout.targets;
    PredictDeep(layout, floats.data(), rows.stride, end - begin, to);
    AddBaseValues(layout, end - begin, to);
  });
}

void PredictSingleRows(const Layout& layout, const Kernels& kernels, const Rows& rows, float* scores) {
  if (rows.type != RowType::kFloat) {
    const FloatRows floats(rows, 0, rows.count, Rounding::kNone);
    return PredictSingleRows(layout, kernels, {floats.data(), RowType::kFloat, rows.count, rows.stride}, scores);
  }
  const auto* data = static_cast<const float*>(rows.data);
  kernels.run_single(*layout.blocks, layout.aggregate, layout.targets, data, rows.stride, rows.count, scores);
  AddBaseValues(layout, rows.count, scores);
}

}  // namespace

void PredictRows(const Layout& layout, const Rows& rows, float* scores, const Parallel& parallel) {
  const Kernels* kernels = ChosenKernels();
  const bool deep = layout.deep && kernels && (rows.type != RowType::kDouble || layout.rounding != Rounding::kNone);
  if (deep) return PredictDeepRows(layout, rows, scores, parallel);
  if (!layout.blocks || !kernels) return WalkAll(layout, rows, scores, parallel);
  const BlockLayout& blocks = *layout.blocks;
  if (blocks.single && rows.count <= kernels->single_rows && rows.type != RowType::kDouble)
    return PredictSingleRows(layout, *kernels, rows, scores);
  const bool spread = WorthThreads(blocks, *kernels, rows.count);
  const size_t block = spread ? BlockForThreads(blocks, *kernels, rows.count, parallel.threads) : blocks.rows;
  ForBlocks(rows.count, block, spread, parallel, [&](size_t begin, size_t end) {
    const auto workspace = BorrowWorkspace(layout.workspaces, blocks, layout.targets);
    RankBlock(*kernels, blocks, rows, begin, end, workspace.bytes());
    float* to = scores + begin * layout.targets;
    kernels->run_trees(blocks, layout.aggregate, layout.targets, end - begin, workspace.bytes(), to);
    AddBaseValues(layout, end - begin, to);
  });
}

void PredictRows(const Layout& layout, const Rows& rows, double* scores, const Parallel& parallel) {
  WalkAll(layout, rows, scores, parallel);
}

}  // namespace lamina::forest
