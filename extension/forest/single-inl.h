// One row through all trees: lanes are nodes. Included once for each target.
#if defined(LAMINA_FOREST_SINGLE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef LAMINA_FOREST_SINGLE_INL_H_
#undef LAMINA_FOREST_SINGLE_INL_H_
#else
#define LAMINA_FOREST_SINGLE_INL_H_
#endif

#include "extension/forest/nodes-inl.h"
#include "extension/forest/ranks-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lamina::forest::HWY_NAMESPACE {

constexpr size_t kMaxSingleColumns = 256;

/// A row's ranks, by column.
struct RowRanks {
  alignas(64) uint8_t bytes[kMaxSingleColumns];
  size_t columns;  // in use
};

/// The ranks for a vector of nodes.
HWY_INLINE Bytes RanksOf(const RowRanks& row, Bytes column) {
#if HWY_TARGET <= HWY_AVX3_DL
  const auto table = [&](size_t i) HWY_ATTR { return _mm512_load_si512(row.bytes + 64 * i); };
  if (row.columns <= 64) return Bytes{_mm512_permutexvar_epi8(column.raw, table(0))};
  const __m512i low = _mm512_permutex2var_epi8(table(0), column.raw, table(1));
  if (row.columns <= 128) return Bytes{low};
  return Bytes{_mm512_mask_mov_epi8(low, _mm512_movepi8_mask(column.raw), _mm512_permutex2var_epi8(table(2), column.raw, table(3)))};
#else
  const U8 d;
  Bytes out = hn::Zero(d);
  for (size_t i = 0; i < row.columns; i += kTableEntries) {  // as in weights-inl.h: an index outside these 16 gives 0
    const Bytes index = hn::SaturatedAdd(hn::Xor(column, hn::Set(d, static_cast<uint8_t>(i))), hn::Set(d, 0x70));
    out = hn::Or(out, hn::TableLookupBytesOr0(hn::LoadDup128(d, row.bytes + i), index));
  }
  return out;
#endif
}

/// Which of a vector of nodes answer "right".
HWY_INLINE hn::Mask<I8> AnswersOf(const SingleLayout& layout, const SingleTree& tree, size_t node, const RowRanks& row) {
  const Bytes rank = RanksOf(row, hn::LoadU(U8(), layout.columns.data() + tree.first + node));
  return hn::Gt(hn::BitCast(I8(), rank), hn::LoadU(I8(), layout.thresholds.data() + tree.first + node));
}

/// The answers of 64 nodes as bits, in a register: pieces stored and read back as one word would stall.
HWY_INLINE uint64_t AnswerBits(const SingleLayout& layout, const SingleTree& tree, size_t node, const RowRanks& row) {
#if HWY_TARGET <= HWY_AVX3
  return AnswersOf(layout, tree, node, row).raw;
#else
  uint64_t bits = 0;
  for (size_t i = 0; i < 64; i += kLanes) {
    const auto answers = hn::VecFromMask(I8(), AnswersOf(layout, tree, node + i, row)).raw;
#if HWY_TARGET <= HWY_AVX2
    bits |= uint64_t{static_cast<uint32_t>(_mm256_movemask_epi8(answers))} << i;
#else
    bits |= uint64_t{static_cast<uint32_t>(_mm_movemask_epi8(answers))} << i;
#endif
  }
  return bits;
#endif
}

HWY_INLINE bool IsMember(const SetTest& test, const RowRanks& row) {
  const uint32_t rank = row.bytes[test.column] ^ 0x80;
  return test.bits[rank / 8] >> (rank % 8) & 1;
}

HWY_INLINE bool IsMember(const BlockLayout& layout, const SingleSet& set, const RowRanks& row) {
  bool member = IsMember(layout.set_tests[set.first_test], row);
  for (uint32_t t = 1; t < set.tests; ++t) member |= IsMember(layout.set_tests[set.first_test + t], row);
  return member;
}

/// The answers of a whole tree as bits.
HWY_INLINE void StoreAnswers(const BlockLayout& layout, const SingleTree& tree, const RowRanks& row, uint64_t* bits) {
  for (size_t i = 0; i < tree.count; i += 64) bits[i / 64] = AnswerBits(*layout.single, tree, i, row);
  for (uint32_t i = 0; i < tree.sets; ++i) {
    const SingleSet& set = layout.single->sets[tree.first_set + i];
    bits[set.node / 64] |= uint64_t{!IsMember(layout, set, row)} << (set.node % 64);
  }
}

HWY_INLINE uint32_t ObliviousLeaf(const SingleLayout& layout, const SingleTree& tree, const RowRanks& row) {
  uint32_t leaf = 0;
  for (uint32_t level = 0; level < tree.count; ++level)
    leaf = 2 * leaf + (static_cast<int8_t>(row.bytes[layout.columns[tree.first + level]]) > layout.thresholds[tree.first + level]);
  return leaf;
}

/// The 32 leaves that all answers of "right" leave. Answers come as bytes, 0 or -1.
HWY_INLINE uint32_t LeavesLeft(const uint32_t* masks, const int8_t* answers, size_t count) {
  const hn::ScalableTag<int32_t> d;
  const hn::Rebind<int8_t, decltype(d)> d8;
  constexpr size_t kWords = HWY_LANES(int32_t);
  auto left = hn::Set(d, -1);
  for (size_t i = 0; i < count; i += kWords) {
    const auto right = hn::PromoteTo(d, hn::LoadU(d8, answers + i));
    left = hn::AndNot(hn::AndNot(hn::LoadU(d, reinterpret_cast<const int32_t*>(masks) + i), right), left);  // removed: answered, and not in the mask
  }
#if HWY_TARGET <= HWY_AVX3
  return static_cast<uint32_t>(_mm512_reduce_and_epi32(left.raw));
#else
  alignas(32) int32_t words[kWords];
  hn::Store(left, d, words);
  int32_t out = -1;
  for (size_t i = 0; i < kWords; ++i) out &= words[i];
  return static_cast<uint32_t>(out);
#endif
}

/// The same for the nodes that ask for sets.
HWY_INLINE uint32_t LeavesLeftBySets(const BlockLayout& layout, const SingleTree& tree, const uint32_t* masks, const RowRanks& row) {
  uint32_t left = ~0u;
  for (uint32_t i = 0; i < tree.sets; ++i) {
    const SingleSet& set = layout.single->sets[tree.first_set + i];
    left &= masks[set.node] | -uint32_t{IsMember(layout, set, row)};
  }
  return left;
}

HWY_INLINE uint32_t WalkedLeaf(const BlockLayout& layout, const SingleTree& tree, const RowRanks& row) {
  uint64_t bits[kMaxLeaves / 64] = {};
  StoreAnswers(layout, tree, row, bits);
  const uint16_t* next = layout.single->next.data() + tree.first_next;
  uint32_t at = tree.root;
  while (at < kMaxLeaves) at = next[size_t{2} * at + (bits[at / 64] >> (at % 64) & 1)];
  return at - kMaxLeaves;
}

HWY_INLINE uint32_t ProgramLeaf(const BlockLayout& layout, const SingleTree& tree, const RowRanks& row) {
  if (tree.count == 0) return 0;
  if (tree.mask_words == 0) return WalkedLeaf(layout, tree, row);
  alignas(64) int8_t answers[kVectorBytes];
  for (size_t i = 0; i < tree.count; i += kLanes) hn::Store(hn::VecFromMask(I8(), AnswersOf(*layout.single, tree, i, row)), I8(), answers + i);
  const uint32_t* masks = layout.single->masks.data() + tree.first_mask;
  const uint32_t left = LeavesLeft(masks, answers, tree.count) & LeavesLeftBySets(layout, tree, masks, row);
  if (left != 0) return static_cast<uint32_t>(__builtin_ctz(left));
  masks += kVectorBytes;
  return 32 + static_cast<uint32_t>(__builtin_ctz(LeavesLeft(masks, answers, tree.count) & LeavesLeftBySets(layout, tree, masks, row)));
}

/// Complete and oblivious trees find the answers of sets among the ranks.
HWY_INLINE void TestSetsOfRow(const BlockLayout& layout, const LaidTree& tree, RowRanks& row) {
  uint8_t* slots = row.bytes + layout.ranks.columns();
  for (uint32_t i = 0; i < tree.set_tests; ++i) {
    const SetTest& test = layout.set_tests[tree.first_set_test + i];
    const bool member = IsMember(test, row);
    if (test.first || member) slots[test.slot] = member ? 0x80 : 0x7F;
  }
}

template <Aggregate kAggregate>
HWY_INLINE float CombineOne(float sum, float weight) {
  if (kAggregate == Aggregate::kMin) return weight < sum ? weight : sum;
  if (kAggregate == Aggregate::kMax) return weight > sum ? weight : sum;
  return sum + weight;
}

template <Aggregate kAggregate>
HWY_INLINE void AddLeaf(const BlockLayout& layout, uint32_t t, uint32_t leaf, float* scores) {
  const LaidTree& tree = layout.trees[t];
  for (uint32_t i = 0; i < tree.lookups; ++i) {
    const Lookup& lookup = layout.lookups[tree.first_lookup + i];
    scores[lookup.target] = CombineOne<kAggregate>(scores[lookup.target], layout.single->values[lookup.tables / 4 + leaf]);
  }
}

/// The leaves of complete trees that lie one behind the other. A walk is a chain of loads: one tree's hide those of the others.
template <int kDepth, size_t kTrees>
HWY_INLINE void WalkComplete(const SingleLayout& layout, const SingleTree& first, const RowRanks& row, uint32_t* leaves) {
  constexpr size_t kStep = ((size_t{1} << kDepth) - 1 + kVectorBytes) / kVectorBytes * kVectorBytes;  // what a tree takes, node 0 included
  const uint8_t* columns = layout.columns.data() + first.first;
  const int8_t* thresholds = layout.thresholds.data() + first.first;
  asm("" : "+r"(columns), "+r"(thresholds));  // two addresses for all nodes, instead of a sum for each
  size_t at[kTrees];
  for (size_t k = 0; k < kTrees; ++k) at[k] = 1;
#pragma GCC unroll 8
  for (int level = 0; level < kDepth; ++level)
#pragma GCC unroll 8
    for (size_t k = 0; k < kTrees; ++k) {
      const auto rank = static_cast<int8_t>(row.bytes[columns[k * kStep + at[k]]]);
      at[k] = 2 * at[k] + (rank > thresholds[k * kStep + at[k]]);
      asm("" : "+r"(at[k]));  // or compilers gather the places into a vector, and take them out again to load
    }
  for (size_t k = 0; k < kTrees; ++k) leaves[k] = static_cast<uint32_t>(at[k] - (size_t{1} << kDepth));
}

template <Aggregate kAggregate, int kDepth>
HWY_NOINLINE void RunComplete(const BlockLayout& layout, const Run& run, RowRanks& row, float* scores) {
  constexpr size_t kTogether = 8;
  const SingleLayout& single = *layout.single;
  uint32_t leaves[kTogether], t = run.begin;
  for (; layout.set_tests.empty() && t + kTogether <= run.end; t += kTogether) {
    WalkComplete<kDepth, kTogether>(single, single.trees[t], row, leaves);
    for (uint32_t k = 0; k < kTogether; ++k) AddLeaf<kAggregate>(layout, t + k, leaves[k], scores);
  }
  for (; t < run.end; ++t) {
    TestSetsOfRow(layout, layout.trees[t], row);
    WalkComplete<kDepth, 1>(single, single.trees[t], row, leaves);
    AddLeaf<kAggregate>(layout, t, leaves[0], scores);
  }
}

template <Aggregate kAggregate>
HWY_INLINE void RunCompletes(const BlockLayout& layout, const Run& run, RowRanks& row, float* scores) {
  switch (run.depth) {
    case 3: return RunComplete<kAggregate, 3>(layout, run, row, scores);
    case 4: return RunComplete<kAggregate, 4>(layout, run, row, scores);
    case 5: return RunComplete<kAggregate, 5>(layout, run, row, scores);
    case 6: return RunComplete<kAggregate, 6>(layout, run, row, scores);
    case 7: return RunComplete<kAggregate, 7>(layout, run, row, scores);
    default: return RunComplete<kAggregate, 8>(layout, run, row, scores);
  }
}

template <Aggregate kAggregate>
HWY_INLINE void RunSingleRow(const BlockLayout& layout, RowRanks& row, float* scores) {
  const SingleLayout& single = *layout.single;
  for (const Run& run : layout.runs) {
    if (run.kernel == Kernel::kComplete) {
      RunCompletes<kAggregate>(layout, run, row, scores);
      continue;
    }
    for (uint32_t t = run.begin; t < run.end; ++t) {
      const bool oblivious = run.kernel == Kernel::kOblivious;
      if (oblivious) TestSetsOfRow(layout, layout.trees[t], row);
      AddLeaf<kAggregate>(layout, t, oblivious ? ObliviousLeaf(single, single.trees[t], row) : ProgramLeaf(layout, single.trees[t], row), scores);
    }
  }
}

template <Aggregate kAggregate>
void RunSingleRows(const BlockLayout& layout, size_t targets, const float* rows, size_t stride, size_t count, float* scores) {
  RowRanks row{};
  row.columns = layout.ranks.columns() + layout.ranks.slots();
  for (size_t r = 0; r < count; ++r, scores += targets) {
    RankRow(layout.ranks, rows + r * stride, row.bytes);
    for (size_t k = 0; k < targets; ++k) scores[k] = StartOf(kAggregate);
    RunSingleRow<kAggregate>(layout, row, scores);
  }
}

}  // namespace lamina::forest::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // LAMINA_FOREST_SINGLE_INL_H_
