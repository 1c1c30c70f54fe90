#include "extension/forest/kernels.h"

#include <algorithm>
#include <vector>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "extension/forest/kernels.cc"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"

#if HWY_TARGET <= HWY_SSE4
#include "extension/forest/nodes-inl.h"
#include "extension/forest/ranks-inl.h"
#include "extension/forest/single-inl.h"
#include "extension/forest/weights-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lamina::forest::HWY_NAMESPACE {

template <Kernel kKernel, int kDepth>
HWY_INLINE void NumberTree(const BlockLayout& layout, const LaidTree& tree, int depth, size_t vectors,
                           uint8_t* workspace, uint8_t* leaves) {
  if (tree.set_tests > 0)
    TestSets(layout.set_tests.data() + tree.first_set_test, tree.set_tests, layout.rows, vectors, workspace,
             workspace + size_t{layout.ranks.columns()} * layout.rows);
  if constexpr (kKernel == Kernel::kComplete)
    CompleteTree(depth, layout.tests.data() + tree.first, workspace, vectors, leaves);
  if constexpr (kKernel == Kernel::kOblivious)
    ObliviousTree<kDepth>(layout.tests.data() + tree.first, workspace, vectors, leaves);
  if constexpr (kKernel == Kernel::kProgram) {
    ProgramTree(layout.ops.data() + tree.first, tree.count, workspace, vectors, workspace + layout.constants_at());
    std::copy_n(workspace + layout.stack_at(), vectors * kLanes, leaves);  // it ends in the first place of its stack
  }
}

/// Calls add(first tree, leaf numbers) after the trees of a run that are added together: layout.rows numbers each.
template <Kernel kKernel, int kDepth, class Add>
HWY_INLINE void RunTreesOf(const BlockLayout& layout, const Run& run, size_t vectors, uint8_t* workspace,
                           const Add& add) {
  uint8_t* leaves = workspace + layout.leaves_at();
  for (uint32_t t = run.begin; t < run.end; t += layout.trees[t].together) {
    for (uint32_t i = 0; i < layout.trees[t].together; ++i)
      NumberTree<kKernel, kDepth>(layout, layout.trees[t + i], run.depth, vectors, workspace,
                                  leaves + size_t{i} * layout.rows);
    add(t, leaves);
  }
}

template <class Add>
HWY_INLINE void RunOblivious(const BlockLayout& layout, const Run& run, size_t vectors, uint8_t* workspace,
                             const Add& add) {
  switch (run.depth) {
    case 3:
      return RunTreesOf<Kernel::kOblivious, 3>(layout, run, vectors, workspace, add);
    case 4:
      return RunTreesOf<Kernel::kOblivious, 4>(layout, run, vectors, workspace, add);
    case 5:
      return RunTreesOf<Kernel::kOblivious, 5>(layout, run, vectors, workspace, add);
    case 6:
      return RunTreesOf<Kernel::kOblivious, 6>(layout, run, vectors, workspace, add);
    case 7:
      return RunTreesOf<Kernel::kOblivious, 7>(layout, run, vectors, workspace, add);
    default:
      return RunTreesOf<Kernel::kOblivious, 8>(layout, run, vectors, workspace, add);
  }
}

template <class Add>
HWY_INLINE void RunRuns(const BlockLayout& layout, size_t vectors, uint8_t* workspace, const Add& add) {
  for (const Run& run : layout.runs) {
    if (run.kernel == Kernel::kComplete) RunTreesOf<Kernel::kComplete, 0>(layout, run, vectors, workspace, add);
    if (run.kernel == Kernel::kOblivious) RunOblivious(layout, run, vectors, workspace, add);
    if (run.kernel == Kernel::kProgram) RunTreesOf<Kernel::kProgram, 0>(layout, run, vectors, workspace, add);
  }
}

template <Aggregate kAggregate>
void RunAll(const BlockLayout& layout, size_t targets, size_t count, uint8_t* workspace, float* scores) {
  const size_t vectors = (count + kLanes - 1) / kLanes;
  auto* sums = reinterpret_cast<float*>(workspace + layout.sums_at());
  for (size_t k = 0; k < targets; ++k) std::fill_n(sums + k * layout.rows, vectors * kLanes, StartOf(kAggregate));
  RunRuns(layout, vectors, workspace, [&](uint32_t t, const uint8_t* leaves) HWY_ATTR {
    AddTrees<kAggregate>(layout, layout.trees[t], leaves, vectors, sums);
  });
  for (size_t r = 0; r < count; ++r) {
    const float* row = sums + r / kLanes * kLanes + PlaceOfRow(r % kLanes);
    for (size_t k = 0; k < targets; ++k) scores[r * targets + k] = row[k * layout.rows];
  }
}

void RunTrees(const BlockLayout& layout, Aggregate aggregate, size_t targets, size_t count, uint8_t* workspace,
              float* scores) {
  if (aggregate == Aggregate::kMin) return RunAll<Aggregate::kMin>(layout, targets, count, workspace, scores);
  if (aggregate == Aggregate::kMax) return RunAll<Aggregate::kMax>(layout, targets, count, workspace, scores);
  RunAll<Aggregate::kSum>(layout, targets, count, workspace, scores);
}

void RunSingle(const BlockLayout& layout, Aggregate aggregate, size_t targets, const float* rows, size_t stride,
               size_t count, float* scores) {
  if (aggregate == Aggregate::kMin) return RunSingleRows<Aggregate::kMin>(layout, targets, rows, stride, count, scores);
  if (aggregate == Aggregate::kMax) return RunSingleRows<Aggregate::kMax>(layout, targets, rows, stride, count, scores);
  RunSingleRows<Aggregate::kSum>(layout, targets, rows, stride, count, scores);
}

void NumberRows(const BlockLayout& layout, size_t count, uint8_t* workspace, uint8_t* numbers, size_t stride) {
  const size_t vectors = (count + kLanes - 1) / kLanes;
  RunRuns(layout, vectors, workspace, [&](uint32_t t, const uint8_t* leaves) HWY_ATTR {
    for (uint32_t i = 0; i < layout.trees[t].together; ++i)
      std::copy_n(leaves + size_t{i} * layout.rows, vectors * kLanes, numbers + (t + i) * stride);
  });
}

constexpr const char* kTarget = HWY_TARGET == HWY_AVX3_DL ? "AVX3_DL"
                                : HWY_TARGET == HWY_AVX3  ? "AVX3"
                                : HWY_TARGET == HWY_AVX2  ? "AVX2"
                                                          : "SSE4";
constexpr size_t kSingleRows = 4;  // measured: a vector of rows at once costs what 4 to 18 rows cost one by one
constexpr Kernels kKernels = {kTarget, kLanes, RankRows, RunTrees, RunSingle, kSingleRows, NumberRows};

}  // namespace lamina::forest::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif  // HWY_TARGET <= HWY_SSE4

#if HWY_ONCE
namespace lamina::forest {

namespace {
const Kernels* Compiled(const Kernels* kernels) { return kernels; }  // or nullptr
}  // namespace

std::vector<const Kernels*> CompiledKernels() {
  std::vector<const Kernels*> out;
  for (const Kernels* kernels : {Compiled(HWY_CHOOSE_AVX3_DL(kKernels)), Compiled(HWY_CHOOSE_AVX3(kKernels)),
                                 Compiled(HWY_CHOOSE_AVX2(kKernels)), Compiled(HWY_CHOOSE_SSE4(kKernels))})
    if (kernels) out.push_back(kernels);
  return out;
}

}  // namespace lamina::forest
#endif
