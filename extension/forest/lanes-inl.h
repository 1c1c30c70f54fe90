// One row through trees of few levels, lanes being trees, and through trees that are walked. Included once for each
// target.
#if defined(LAMINA_FOREST_LANES_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef LAMINA_FOREST_LANES_INL_H_
#undef LAMINA_FOREST_LANES_INL_H_
#else
#define LAMINA_FOREST_LANES_INL_H_
#endif

#include <algorithm>

#include "extension/forest/row_ranks-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lamina::forest::HWY_NAMESPACE {

/// For each lane the plane, of 2^kBits, that the answers of the levels above lead to. The first answer is the highest
/// bit.
template <int kBits>
HWY_INLINE Bytes Pick(const uint8_t* planes, const hn::Mask<U8>* right) {
  if constexpr (kBits == 0) {
    return hn::LoadU(U8(), planes);
  } else {
    const Bytes low = Pick<kBits - 1>(planes, right + 1);
    return hn::IfThenElse(right[0], Pick<kBits - 1>(planes + (size_t{2} * kVectorBytes << (kBits - 1)), right + 1),
                          low);
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
    return DescendLanes<kLevels, kLevel + 1>(planes, row, right,
                                             hn::Sub(hn::Add(number, number), hn::VecFromMask(U8(), right[kLevel])));
  }
}

/// The sum of a straight layout's weights. Its additions wait for each other: a vector's are made while the next
/// vector of trees is numbered.
struct StraightSum {
  const float* values = nullptr;  // null: of a layout that is not straight
  uint32_t value_bits = 0;
  float sum = 0;

  HWY_INLINE void Add(const uint8_t* numbers, size_t trees) {
    if (!values) return;
    const float* of_tree = values;
    const size_t step = size_t{1} << value_bits;
    float total = sum;
#pragma GCC unroll 4
    for (size_t i = 0; i < trees; ++i, of_tree += step) total += of_tree[numbers[i]];
    values = of_tree;
    sum = total;
  }
};

template <int kLevels>
HWY_NOINLINE void RunLanes(const uint8_t* planes, size_t trees, const RowRanks& row, uint8_t* numbers,
                           StraightSum& sum) {
  for (size_t i = 0; i < trees; i += kLanes) {
    hn::Mask<U8> right[kLevels];
    hn::StoreU(DescendLanes<kLevels, 0>(planes + i, row, right, hn::Zero(U8())), U8(), numbers + i);
    sum.Add(numbers + i, std::min(kLanes, trees - i));
  }
}

HWY_NOINLINE void RunObliviousLanes(const uint8_t* planes, size_t levels, size_t trees, const RowRanks& row,
                                    uint8_t* numbers, StraightSum& sum) {
  for (size_t i = 0; i < trees; i += kLanes) {
    Bytes number = hn::Zero(U8());
    for (size_t level = 0; level < levels; ++level) {
      const uint8_t* plane = planes + i + size_t{2} * kVectorBytes * level;
      const Ranks rank = hn::BitCast(I8(), RanksOf(row, hn::LoadU(U8(), plane)));
      const auto right = hn::Gt(rank, hn::LoadU(I8(), reinterpret_cast<const int8_t*>(plane + kVectorBytes)));
      number = hn::Sub(hn::Add(number, number), hn::BitCast(U8(), hn::VecFromMask(I8(), right)));
    }
    hn::StoreU(number, U8(), numbers + i);
    sum.Add(numbers + i, std::min(kLanes, trees - i));
  }
}

/// The last two levels, a tree at a time: from the number of a node on the last but one level to that of a leaf.
HWY_NOINLINE void RunTails(const uint64_t* tails, size_t trees, const RowRanks& row, uint8_t* numbers) {
  const auto right = [&](uint64_t node) {
    return uint32_t{static_cast<int8_t>(row.bytes[node & 0xFF]) > static_cast<int8_t>(node >> 8 & 0xFF)};
  };
  for (size_t i = 0; i < trees; ++i) {
    const uint64_t nodes = tails[(i << kMaxLaneLevels) + numbers[i]];
    const uint32_t first = right(nodes), second = right(nodes >> (16 + 16 * first));
    numbers[i] = static_cast<uint8_t>(4 * numbers[i] + 2 * first + second);
  }
}

HWY_INLINE uint32_t IsRight(const TailNode& node, const RowRanks& row) {
  return uint32_t{static_cast<int8_t>(row.bytes[node.column]) > node.threshold};
}

/// The last two levels with their weights.
HWY_INLINE float WeightOf(const TreeTail& tail, const RowRanks& row) {
  const size_t first = IsRight(tail.nodes[0], row), second = IsRight(tail.nodes[1 + first], row);
  return tail.weights[2 * first + second];
}

/// The last two levels of trees in lanes, with their weights, which are added, too.
HWY_NOINLINE void WeighTails(const TreeTail* tails, uint32_t levels, size_t trees, const RowRanks& row,
                             const uint8_t* numbers, float* weights, StraightSum& sum) {
  const size_t nodes = size_t{1} << levels;
  float total = sum.sum;
  for (size_t i = 0; i < trees; ++i, tails += nodes) {
    weights[i] = WeightOf(tails[numbers[i]], row);
    total += weights[i];
  }
  sum.sum = total;
}

/// Trees with sets that have tails. A walk is a chain of loads: one tree's hide those of the others.
HWY_NOINLINE void WeighHeaps(const TailNode* heaps, const TreeTail* tails, uint32_t levels, size_t trees,
                             const RowRanks& row, float* weights) {
  const size_t nodes = size_t{1} << levels;
  for (size_t i = 0; i < trees; i += kHeapsTogether, heaps += kHeapsTogether * nodes) {
    size_t at[kHeapsTogether] = {1, 1, 1, 1};
    for (uint32_t level = 0; level < levels; ++level)
      for (size_t k = 0; k < kHeapsTogether; ++k) at[k] = 2 * at[k] + IsRight(heaps[k * nodes + at[k]], row);
    for (size_t k = 0; k < kHeapsTogether && i + k < trees; ++k, tails += nodes)
      weights[i + k] = WeightOf(tails[at[k] - nodes], row);
  }
}

/// Trees with sets. A walk is a chain of loads: one tree's hide those of the others.
HWY_NOINLINE void RunWalked(const SingleLayout& layout, uint32_t begin, uint32_t end, const RowRanks& row,
                            uint8_t* numbers) {
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

HWY_INLINE void NumberLanes(const uint8_t* planes, const TreeLanes& lanes, const RowRanks& row, uint8_t* numbers,
                            StraightSum& sum) {
  switch (lanes.levels) {
    case 3:
      return RunLanes<3>(planes, lanes.trees, row, numbers, sum);
    case 4:
      return RunLanes<4>(planes, lanes.trees, row, numbers, sum);
    case 5:
      return RunLanes<5>(planes, lanes.trees, row, numbers, sum);
    default:
      return RunLanes<6>(planes, lanes.trees, row, numbers, sum);
  }
}

/// Trees in lanes: their weights, if their tails give them, or else their leaf numbers.
HWY_INLINE void RunAnyLanes(const SingleLayout& layout, const TreeLanes& lanes, const RowRanks& row, uint8_t* numbers,
                            float* weights, StraightSum& sum) {
  const uint8_t* planes = layout.planes.data() + lanes.first;
  if (lanes.oblivious) return RunObliviousLanes(planes, lanes.levels, lanes.trees, row, numbers, sum);
  if (lanes.tails == Tails::kNone) return NumberLanes(planes, lanes, row, numbers, sum);
  StraightSum none;
  NumberLanes(planes, lanes, row, numbers, none);
  if (lanes.tails == Tails::kWeights)
    return WeighTails(layout.tree_tails.data() + lanes.first_tail, lanes.levels, lanes.trees, row, numbers, weights,
                      sum);
  RunTails(layout.tails.data() + lanes.first_tail, lanes.trees, row, numbers);
  sum.Add(numbers, lanes.trees);
}

}  // namespace lamina::forest::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // LAMINA_FOREST_LANES_INL_H_
