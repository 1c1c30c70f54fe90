#include "extension/forest/deep.h"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <utility>

#include "extension/forest/block_workspace.h"
#include "extension/forest/kernels.h"

namespace lamina::forest {
namespace {

constexpr size_t kWalkers = 8;         // rows that walk together: enough to hide what a load takes
constexpr size_t kTreesTogether = 16;  // that one row walks together: it finds next to nothing in the caches
constexpr size_t kMinTops = 16;        // rows; fewer walk from the root
constexpr size_t kMinSorted = 512;     // rows; fewer don't meet in subtrees often enough to pay for the sorting

/// The keys of a row, by slot, and the lowest key after them.
void MakeKeys(const DeepLayout& layout, const float* row, int32_t* keys) {
  constexpr int32_t kHighest = std::numeric_limits<int32_t>::max();
  for (const KeySlot& slot : layout.slots) {
    const float x = row[slot.feature];
    *keys++ = x != x && slot.nan_high ? kHighest : KeyOf(x);
  }
  *keys = std::numeric_limits<int32_t>::min();
}

/// One step down; none from a leaf. There is no branch for the CPU to guess in it.
inline const DeepNode* Step(const DeepNode* node, const int32_t* keys, int slot_bits) {
  const uint32_t step = node->step;
  uint32_t beyond = keys[step & ((1u << slot_bits) - 1)] > node->key;
  asm("" : "+r"(beyond));  // or compilers make a branch of it
  return node + (step >> slot_bits) + beyond;
}

/// Takes kCount rows, each from its own node, down to their leaves. `keys(k)` are those of row k.
template <size_t kCount, class Keys>
inline void Descend(const DeepNode** node, const Keys& keys, int slot_bits) {
  for (uint32_t moving = 1; moving != 0;) {
    moving = 0;
    for (size_t k = 0; k < kCount; ++k) {
      node[k] = Step(node[k], keys(k), slot_bits);
      node[k] = Step(node[k], keys(k), slot_bits);
    }
    for (size_t k = 0; k < kCount; ++k) moving |= node[k]->step >> slot_bits;
  }
}

template <Aggregate kAggregate>
inline float Combine(float score, float weight) {
  if (kAggregate == Aggregate::kMin) return weight < score ? weight : score;
  if (kAggregate == Aggregate::kMax) return weight > score ? weight : score;
  return score + weight;
}

template <Aggregate kAggregate>
inline void AddLeaf(const DeepLayout& layout, const DeepNode& leaf, size_t targets, float* score) {
  if (targets == 1) {
    *score = Combine<kAggregate>(*score, std::bit_cast<float>(leaf.key));
    return;
  }
  const float* weights = layout.weights.data() + static_cast<size_t>(leaf.key) * targets;
  for (size_t k = 0; k < targets; ++k) score[k] = Combine<kAggregate>(score[k], weights[k]);
}

/// Rows by the number of the subtree that they walk on in.
void SortByNumber(const uint8_t* numbers, size_t count, uint32_t* order) {
  std::array<uint32_t, kMaxLeaves> next{};
  for (size_t r = 0; r < count; ++r) ++next[numbers[r]];
  uint32_t sum = 0;
  for (uint32_t& n : next) sum += std::exchange(n, sum);
  for (size_t r = 0; r < count; ++r) order[next[numbers[r]]++] = static_cast<uint32_t>(r);
}

struct Rest {
  const DeepLayout& layout;
  const int32_t* keys;
  size_t count, targets;
  std::vector<uint32_t> order;
};

/// One tree, from where its top left the rows.
template <Aggregate kAggregate>
void WalkOn(Rest& rest, size_t tree, const uint8_t* numbers, float* scores) {
  const DeepLayout& layout = rest.layout;
  const uint32_t* exits = layout.exits.data() + tree * kMaxLeaves;
  const size_t slots = layout.slots.size() + 1;
  if (rest.count >= kMinSorted) SortByNumber(numbers, rest.count, rest.order.data());
  for (size_t first = 0; first < rest.count; first += kWalkers) {
    const DeepNode* node[kWalkers];
    const int32_t* keys[kWalkers];
    uint32_t row[kWalkers];
    for (size_t k = 0; k < kWalkers; ++k) {
      row[k] = rest.order[std::min(first + k, rest.count - 1)];
      node[k] = layout.nodes.data() + exits[numbers[row[k]]];
      keys[k] = rest.keys + row[k] * slots;
    }
    Descend<kWalkers>(node, [&](size_t k) { return keys[k]; }, layout.slot_bits);
    for (size_t k = 0; k < std::min(kWalkers, rest.count - first); ++k)
      AddLeaf<kAggregate>(layout, *node[k], rest.targets, scores + row[k] * rest.targets);
  }
}

/// Every row's way through the tops: the number of tree t for row r to numbers[t * number_stride + r].
void NumberTops(const Layout& layout, const float* rows, size_t stride, size_t count, uint8_t* numbers,
                size_t number_stride) {
  const BlockLayout& tops = layout.deep->tops;
  const Kernels& kernels = *ChosenKernels();
  for (size_t r = 0; r < count; r += tops.rows) {
    const auto workspace = BorrowWorkspace(layout.workspaces, tops, 0);
    const size_t part = std::min<size_t>(tops.rows, count - r);
    kernels.rank_rows(tops, rows + r * stride, stride, part, workspace.bytes());
    kernels.number_rows(tops, part, workspace.bytes(), numbers + r, number_stride);
  }
}

/// One row, from the roots on, several trees at a time.
template <Aggregate kAggregate>
void WalkRow(const DeepLayout& layout, const int32_t* keys, size_t targets, float* score) {
  const size_t trees = layout.roots.size();
  for (size_t first = 0; first < trees; first += kTreesTogether) {
    const DeepNode* node[kTreesTogether];
    for (size_t k = 0; k < kTreesTogether; ++k)
      node[k] = layout.nodes.data() + layout.roots[std::min(first + k, trees - 1)];
    Descend<kTreesTogether>(node, [&](size_t) { return keys; }, layout.slot_bits);
    for (size_t k = 0; k < std::min(kTreesTogether, trees - first); ++k)
      AddLeaf<kAggregate>(layout, *node[k], targets, score);
  }
}

template <Aggregate kAggregate>
void WalkFew(const DeepLayout& layout, const float* rows, size_t stride, size_t count, size_t targets, float* scores) {
  std::vector<int32_t> keys(layout.slots.size() + 1);
  for (size_t r = 0; r < count; ++r) {
    MakeKeys(layout, rows + r * stride, keys.data());
    WalkRow<kAggregate>(layout, keys.data(), targets, scores + r * targets);
  }
}

template <Aggregate kAggregate>
void Predict(const Layout& layout, const float* rows, size_t stride, size_t count, float* scores) {
  const DeepLayout& deep = *layout.deep;
  std::fill_n(scores, count * layout.targets, StartOf(layout.aggregate));
  if (count < kMinTops) return WalkFew<kAggregate>(deep, rows, stride, count, layout.targets, scores);
  const size_t number_stride = (count + deep.tops.rows) / kVectorBytes * kVectorBytes + kVectorBytes;
  std::vector<uint8_t> numbers(deep.roots.size() * number_stride);
  NumberTops(layout, rows, stride, count, numbers.data(), number_stride);
  const size_t slots = deep.slots.size() + 1;
  std::vector<int32_t> keys(count * slots);
  for (size_t r = 0; r < count; ++r) MakeKeys(deep, rows + r * stride, keys.data() + r * slots);
  Rest rest{deep, keys.data(), count, layout.targets, std::vector<uint32_t>(count)};
  for (size_t r = 0; r < count; ++r) rest.order[r] = static_cast<uint32_t>(r);
  for (size_t t = 0; t < deep.roots.size(); ++t)
    WalkOn<kAggregate>(rest, t, numbers.data() + t * number_stride, scores);
}

}  // namespace

void PredictDeep(const Layout& layout, const float* rows, size_t stride, size_t count, float* scores) {
  if (layout.aggregate == Aggregate::kMin) return Predict<Aggregate::kMin>(layout, rows, stride, count, scores);
  if (layout.aggregate == Aggregate::kMax) return Predict<Aggregate::kMax>(layout, rows, stride, count, scores);
  Predict<Aggregate::kSum>(layout, rows, stride, count, scores);
}

}  // namespace lamina::forest
