// One row through all trees: lanes are trees or, for trees of many levels, nodes. Included once for each target.
#if defined(LAMINA_FOREST_SINGLE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef LAMINA_FOREST_SINGLE_INL_H_
#undef LAMINA_FOREST_SINGLE_INL_H_
#else
#define LAMINA_FOREST_SINGLE_INL_H_
#endif

#include <algorithm>
#include <cstring>

#include "extension/forest/nodes-inl.h"
#include "extension/forest/ranks-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lamina::forest::HWY_NAMESPACE {

/// A row's ranks, by column, and the answers of sets from kAnswersAt on.
struct RowRanks {
  alignas(64) uint8_t bytes[kAnswersAt + kMaxAnswers];
  size_t columns;  // in use
};

/// Copies what all sets answer to the row.
HWY_INLINE void AnswerSets(const BlockLayout& layout, const float* values, RowRanks& row) {
  for (const SetAnswers& of : layout.single->set_answers) {
    const float x = values[of.feature];
    const RankedFeature& feature = layout.ranks.FeatureOf(of.feature);
    const size_t rank = x != x ? feature.cuts + 1 : FanRankOf<0>(layout.ranks.fans().data(), feature, KeyOf(x));
    std::memcpy(row.bytes + of.column, layout.single->answers.data() + of.first + rank * of.sets, of.sets);
  }
}

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

/// For each lane the plane, of 2^kBits, that the answers of the levels above lead to. The first answer is the highest bit.
template <int kBits>
HWY_INLINE Bytes Pick(const uint8_t* planes, const hn::Mask<U8>* right) {
  if constexpr (kBits == 0) {
    return hn::LoadU(U8(), planes);
  } else {
    const Bytes low = Pick<kBits - 1>(planes, right + 1);
    return hn::IfThenElse(right[0], Pick<kBits - 1>(planes + (size_t{2} * kVectorBytes << (kBits - 1)), right + 1), low);
  }
}

/// From a level down: a vector of trees asks a node each.
template <int kLevels, int kLevel>
HWY_INLINE Bytes DescendLanes(const uint8_t* planes, const RowRanks& row, hn::Mask<U8>* right, Bytes number) {
  if constexpr (kLevel == kLevels) {
    return number;
  } else {
    const uint8_t* level = planes + size_t{2} * kVectorBytes * ((size_t{1} << kLevel) - 1);
    const Ranks rank = hn::BitCast(I8(), RanksOf(row, Pick<kLevel>(level, right)));
    right[kLevel] = hn::RebindMask(U8(), hn::Gt(rank, hn::BitCast(I8(), Pick<kLevel>(level + kVectorBytes, right))));
    return DescendLanes<kLevels, kLevel + 1>(planes, row, right, hn::Sub(hn::Add(number, number), hn::VecFromMask(U8(), right[kLevel])));
  }
}

template <int kLevels>
HWY_NOINLINE void RunLanes(const uint8_t* planes, size_t trees, const RowRanks& row, uint8_t* numbers) {
  for (size_t i = 0; i < trees; i += kLanes) {
    hn::Mask<U8> right[kLevels];
    hn::StoreU(DescendLanes<kLevels, 0>(planes + i, row, right, hn::Zero(U8())), U8(), numbers + i);
  }
}

HWY_NOINLINE void RunObliviousLanes(const uint8_t* planes, size_t levels, size_t trees, const RowRanks& row, uint8_t* numbers) {
  for (size_t i = 0; i < trees; i += kLanes) {
    Bytes number = hn::Zero(U8());
    for (size_t level = 0; level < levels; ++level) {
      const uint8_t* plane = planes + i + size_t{2} * kVectorBytes * level;
      const Ranks rank = hn::BitCast(I8(), RanksOf(row, hn::LoadU(U8(), plane)));
      const auto right = hn::Gt(rank, hn::LoadU(I8(), reinterpret_cast<const int8_t*>(plane + kVectorBytes)));
      number = hn::Sub(hn::Add(number, number), hn::BitCast(U8(), hn::VecFromMask(I8(), right)));
    }
    hn::StoreU(number, U8(), numbers + i);
  }
}

/// The last two levels, a tree at a time: from the number of a node on the last but one level to that of a leaf.
HWY_NOINLINE void RunTails(const uint64_t* tails, size_t trees, const RowRanks& row, uint8_t* numbers) {
  const auto right = [&](uint64_t node) { return uint32_t{static_cast<int8_t>(row.bytes[node & 0xFF]) > static_cast<int8_t>(node >> 8 & 0xFF)}; };
  for (size_t i = 0; i < trees; ++i) {
    const uint64_t nodes = tails[(i << kMaxLaneLevels) + numbers[i]];
    const uint32_t first = right(nodes), second = right(nodes >> (16 + 16 * first));
    numbers[i] = static_cast<uint8_t>(4 * numbers[i] + 2 * first + second);
  }
}

/// Trees with sets. A walk is a chain of loads: one tree's hide those of the others.
HWY_NOINLINE void RunWalked(const SingleLayout& layout, uint32_t begin, uint32_t end, const RowRanks& row, uint8_t* numbers) {
  constexpr uint32_t kTogether = 8;
  for (uint32_t i = begin; i < end; i += kTogether) {
    const WalkNode* nodes[kTogether];
    uint32_t at[kTogether] = {}, depth = 0;
    for (uint32_t k = 0; k < kTogether; ++k) {
      const WalkedTree& tree = layout.walked[std::min(i + k, end - 1)];
      nodes[k] = layout.walk_nodes.data() + tree.first;
      depth = std::max(depth, tree.depth);
    }
    for (uint32_t level = 0; level < depth; ++level)
      for (uint32_t k = 0; k < kTogether; ++k) {
        const WalkNode& node = nodes[k][at[k]];
        at[k] = node.next[static_cast<int8_t>(row.bytes[node.column]) > node.threshold];
      }
    for (uint32_t k = 0; k < kTogether && i + k < end; ++k) {
      const WalkedTree& tree = layout.walked[i + k];
      numbers[tree.place] = static_cast<uint8_t>(at[k] - tree.branches);
    }
  }
}

HWY_INLINE void NumberLanes(const SingleLayout& layout, const TreeLanes& lanes, const RowRanks& row, uint8_t* numbers) {
  const uint8_t* planes = layout.planes.data() + lanes.first;
  if (lanes.oblivious) return RunObliviousLanes(planes, lanes.levels, lanes.trees, row, numbers);
  switch (lanes.levels) {
    case 3: return RunLanes<3>(planes, lanes.trees, row, numbers);
    case 4: return RunLanes<4>(planes, lanes.trees, row, numbers);
    case 5: return RunLanes<5>(planes, lanes.trees, row, numbers);
    default: RunLanes<6>(planes, lanes.trees, row, numbers);
  }
  if (lanes.tail) RunTails(layout.tails.data() + lanes.first_tail, lanes.trees, row, numbers);
}

template <Aggregate kAggregate>
HWY_INLINE float CombineOne(float sum, float weight) {
  if (kAggregate == Aggregate::kMin) return weight < sum ? weight : sum;
  if (kAggregate == Aggregate::kMax) return weight > sum ? weight : sum;
  return sum + weight;
}

/// In the order of the trees, whatever the order in which their leaves were found.
template <Aggregate kAggregate>
HWY_INLINE void AddLeaves(const SingleLayout& layout, size_t begin, size_t end, size_t targets, const uint8_t* numbers, float* scores) {
  const SingleLookup* lookups = layout.lookups.data();
  const float* values = layout.values.data();
  const auto weight = [&](size_t i) { return values[lookups[i].values + numbers[lookups[i].place]]; };
  if (targets == 1) {
    float sum = scores[0];
    for (size_t i = begin; i < end; ++i) sum = CombineOne<kAggregate>(sum, weight(i));
    scores[0] = sum;
    return;
  }
  for (size_t i = begin; i < end; ++i) scores[lookups[i].target] = CombineOne<kAggregate>(scores[lookups[i].target], weight(i));
}

template <Aggregate kAggregate>
HWY_INLINE void RunSingleRow(const BlockLayout& layout, size_t targets, const RowRanks& row, float* scores) {
  const SingleLayout& single = *layout.single;
  alignas(64) uint8_t numbers[kSectionPlaces];
  SingleSection done;
  for (const SingleSection& section : single.sections) {
    for (uint32_t i = done.lanes_end; i < section.lanes_end; ++i) NumberLanes(single, single.lanes[i], row, numbers + single.lanes[i].place);
    for (uint32_t i = done.trees_end; i < section.trees_end; ++i)
      numbers[single.trees[i].place] = static_cast<uint8_t>(ProgramLeaf(layout, single.trees[i], row));
    RunWalked(single, done.walked_end, section.walked_end, row, numbers);
    AddLeaves<kAggregate>(single, done.lookups_end, section.lookups_end, targets, numbers, scores);
    done = section;
  }
}

template <Aggregate kAggregate>
void RunSingleRows(const BlockLayout& layout, size_t targets, const float* rows, size_t stride, size_t count, float* scores) {
  RowRanks row;
  std::memset(row.bytes, 0, kAnswersAt);
  row.columns = layout.ranks.columns() + layout.ranks.slots();
  for (size_t r = 0; r < count; ++r, scores += targets) {
    RankRow(layout.ranks, rows + r * stride, row.bytes);
    AnswerSets(layout, rows + r * stride, row);
    for (size_t k = 0; k < targets; ++k) scores[k] = StartOf(kAggregate);
    RunSingleRow<kAggregate>(layout, targets, row, scores);
  }
}

}  // namespace lamina::forest::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // LAMINA_FOREST_SINGLE_INL_H_
