// One row through all trees: lanes are trees or, for trees of many levels, nodes. Included once for each target.
#if defined(LAMINA_FOREST_SINGLE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef LAMINA_FOREST_SINGLE_INL_H_
#undef LAMINA_FOREST_SINGLE_INL_H_
#else
#define LAMINA_FOREST_SINGLE_INL_H_
#endif

#include "extension/forest/lanes-inl.h"
#include "extension/forest/masked-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lamina::forest::HWY_NAMESPACE {

/// Which of a vector of nodes answer "right".
HWY_INLINE hn::Mask<I8> AnswersOf(const SingleLayout& layout, const SingleTree& tree, size_t node,
                                  const RowRanks& row) {
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

HWY_NOINLINE uint32_t WalkedLeaf(const BlockLayout& layout, const SingleTree& tree, const RowRanks& row) {
  uint64_t bits[kMaxLeaves / 64] = {};
  StoreAnswers(layout, tree, row, bits);
  const uint16_t* next = layout.single->next.data() + tree.first_next;
  uint32_t at = tree.root;
  while (at < kMaxLeaves) at = next[size_t{2} * at + (bits[at / 64] >> (at % 64) & 1)];
  return at - kMaxLeaves;
}

template <Aggregate kAggregate>
HWY_INLINE float CombineOne(float sum, float weight) {
  if (kAggregate == Aggregate::kMin) return weight < sum ? weight : sum;
  if (kAggregate == Aggregate::kMax) return weight > sum ? weight : sum;
  return sum + weight;
}

/// In the order of the trees, whatever the order in which their leaves were found.
template <Aggregate kAggregate>
HWY_INLINE void AddLeaves(const SingleLayout& layout, size_t begin, const SingleSection& section, size_t targets,
                          const uint8_t* numbers, const float* weights, float* scores) {
  const SingleLookup* lookups = layout.lookups.data();
  const float* values = layout.values.data();
  const size_t end = section.lookups_end;
  const auto weight = [&](const SingleLookup& lookup) {
    return lookup.values == kWeighed ? weights[lookup.place] : values[lookup.values + numbers[lookup.place]];
  };
  if (targets == 1) {
    float sum = scores[0];
    if (section.weighed)
      for (size_t i = 0; i < end - begin; ++i) sum = CombineOne<kAggregate>(sum, weights[i]);
    else
      for (size_t i = begin; i < end; ++i) sum = CombineOne<kAggregate>(sum, weight(lookups[i]));
    scores[0] = sum;
    return;
  }
  for (size_t i = begin; i < end; ++i)
    scores[lookups[i].target] = CombineOne<kAggregate>(scores[lookups[i].target], weight(lookups[i]));
}

template <Aggregate kAggregate>
HWY_NOINLINE void RunSections(const BlockLayout& layout, size_t targets, const RowRanks& row, float* scores) {
  const SingleLayout& single = *layout.single;
  alignas(64) uint8_t numbers[kSectionPlaces];
  alignas(64) float weights[kSectionPlaces];
  StraightSum none;
  SingleSection done;
  for (const SingleSection& section : single.sections) {
    for (uint32_t i = done.lanes_end; i < section.lanes_end; ++i)
      RunAnyLanes(single, single.lanes[i], row, numbers + single.lanes[i].place, weights + single.lanes[i].place, none);
    for (uint32_t i = done.heaps_end; i < section.heaps_end; ++i) {
      const TreeHeaps& heaps = single.heap_groups[i];
      WeighHeaps(single.heaps.data() + heaps.first, single.tree_tails.data() + heaps.first_tail, heaps.levels,
                 heaps.trees, row, weights + heaps.place);
    }
    for (uint32_t i = done.masked_end; i < section.masked_end; ++i)
      NumberMasked(single, single.masked[i], row, numbers + single.masked[i].place);
    for (uint32_t i = done.trees_end; i < section.trees_end; ++i)
      numbers[single.trees[i].place] = static_cast<uint8_t>(WalkedLeaf(layout, single.trees[i], row));
    RunWalked(single, done.walked_end, section.walked_end, row, numbers);
    AddLeaves<kAggregate>(single, done.lookups_end, section, targets, numbers, weights, scores);
    done = section;
  }
}

/// All trees of a straight layout. What runs and what is written is kept small: between two calls the program's other
/// code and data have taken the caches.
HWY_INLINE float SumLanes(const SingleLayout& single, const RowRanks& row) {
  alignas(64) uint8_t numbers[kVectorBytes];
  alignas(64) float weights[kVectorBytes];
  StraightSum sum;
  for (const TreeLanes& lanes : single.lanes) {
    sum.values = single.values.data() + lanes.values;
    sum.value_bits = lanes.value_bits;
    RunAnyLanes(single, lanes, row, numbers, weights, sum);
  }
  return sum.sum;
}

template <Aggregate kAggregate>
void RunSingleRows(const BlockLayout& layout, size_t targets, const float* rows, size_t stride, size_t count,
                   float* scores) {
  const SingleLayout& single = *layout.single;
  const bool straight = kAggregate == Aggregate::kSum && targets == 1 && single.straight;
  RowRanks row(layout.ranks.columns() + layout.ranks.slots());
  for (size_t r = 0; r < count; ++r, scores += targets) {
    RankRow(layout.ranks, single, rows + r * stride, row.bytes);
    if (straight) {
      *scores = SumLanes(single, row);
      continue;
    }
    AnswerSets(layout, rows + r * stride, row);
    for (size_t k = 0; k < targets; ++k) scores[k] = StartOf(kAggregate);
    RunSections<kAggregate>(layout, targets, row, scores);
  }
}

}  // namespace lamina::forest::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // LAMINA_FOREST_SINGLE_INL_H_
