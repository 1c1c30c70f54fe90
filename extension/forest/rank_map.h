// How a row's values become bytes that the kernels compare: ranks.
//
// Per feature, the cuts of all trees are sorted; a value's rank is the number of cuts that it is beyond, so that
// "beyond cut k" is exactly "rank > k". A feature with more cuts than a byte can count gets several columns: column s
// holds the rank less s * step, held within 0 and 255. NaN is 255 in one kind of column (it goes right at every cut)
// and 0 in the other; a feature has the kinds that its nodes ask for. The values of sets are cuts, too (just before and
// just after each value): a set is then a set of ranks.
#ifndef LAMINA_EXTENSION_FOREST_RANK_MAP_H_
#define LAMINA_EXTENSION_FOREST_RANK_MAP_H_

#include <array>
#include <bit>
#include <cstdint>
#include <limits>
#include <unordered_map>
#include <vector>

#include "extension/forest/tree.h"

namespace lamina::forest {

/// The cuts of one feature and the columns made of its ranks.
struct RankedFeature {
  uint32_t feature = 0;
  uint32_t cuts = 0;
  uint32_t first_heap = 0;    // in RankMap::heaps, 2^heap_levels keys
  uint32_t first_key = 0;     // in RankMap::double_keys
  uint32_t first_column = 0;  // column of segment s and kind k: first_column + s * kinds + k
  uint32_t step = 255;
  uint32_t segments = 1;
  std::array<uint32_t, 8> first_fan = {};  // where each level of the search tree in RankMap::fans begins, from the top
  uint8_t fan_levels = 0;
  uint8_t heap_levels = 0;  // of the search tree in RankMap::heaps: 2^heap_levels > cuts; beyond kHeapLevels: none
  bool nan_low = false, nan_high = false;  // the kinds, in this order
};
static_assert(sizeof(RankedFeature) == 64);

/// Where a node finds its answer: right if the column's byte, as a signed number, is greater than the threshold.
struct Place {
  uint32_t column = 0;
  int8_t threshold = 0;
};

/// One column's part of asking whether values are members of a set: bit b is set if rank byte b is a member's.
struct SetTest {
  uint32_t column = 0;
  uint32_t slot = 0;  // where the answer goes: the column `RankMap::columns + slot`
  bool first = true;  // not the first test of a slot: the answers are united
  std::array<uint8_t, 32> bits = {};
};

/// The columns that an ensemble needs, and the keys to search for ranks: as binary search trees in heap order, which
/// vectors of rows descend together, and as trees of 16 keys a node, which one value descends, a node at a time: the
/// count of keys that it is beyond picks the next.
class RankMap {
 public:
  static constexpr uint32_t kHeapLevels = 8;
  static constexpr uint32_t kFan = 16;
  static constexpr uint32_t kNoFan = 0;  // in fans(): a node that no key is beyond
  // With every number of cuts that 32 bits can hold, and a key that is beyond them all, the levels have room.
  static_assert(std::bit_width(kFan - 1) * RankedFeature().first_fan.size() >= 32);

  explicit RankMap(const std::vector<Tree>& trees);

  const std::vector<RankedFeature>& features() const { return features_; }
  const std::vector<int32_t>& heaps() const { return heaps_; }
  const std::vector<int32_t>& fans() const { return fans_; }
  const std::vector<int64_t>& double_keys() const { return double_keys_; }
  uint32_t columns() const { return columns_; }
  uint32_t slots() const { return slots_; }  // columns that follow, for the answers of the sets of one tree

  /// The place for a node of `tree`, which has one of its own only if it asks for a cut; for a set it is the set's
  /// slot.
  Place PlaceOf(const TreeNode& node) const;

  /// The cuts of a feature that some node asks about, and the one rank that a value of a set of it has.
  const RankedFeature& FeatureOf(uint32_t feature) const {
    return features_[feature < at_.size() ? static_cast<uint32_t>(at_[feature]) : Find(feature)];
  }
  uint32_t RankOfMember(const RankedFeature& feature, double value) const {
    return RankBefore(feature, {value, true}) + 1;
  }

  /// The tests to run before the nodes of `tree`.
  std::vector<SetTest> TestsOf(const Tree& tree) const;

 private:
  struct Cuts {
    std::vector<Cut> cuts;
    bool low = false, high = false, sets = false;
  };
  using CutsOf = std::unordered_map<uint32_t, Cuts>;  // by feature: few of the numbers up to the highest may be in use
  CutsOf Collect(const std::vector<Tree>& trees);
  uint32_t Find(uint32_t feature) const;
  void AddFeature(uint32_t feature, const Cuts& cuts);
  void AddHeap(const std::vector<int32_t>& keys, RankedFeature& feature);
  void AddFan(std::vector<int32_t> keys, RankedFeature& feature);
  uint32_t RankBefore(const RankedFeature& feature, const Cut& cut) const;
  void TestSet(const ValueSet& set, const RankedFeature& feature, uint32_t slot, std::vector<SetTest>& out) const;

  std::vector<RankedFeature> features_;  // in ascending order
  std::vector<int32_t> at_;              // of each of the first features in features_, or -1
  std::vector<Cut> cuts_;    // in step with double_keys_
  std::vector<int32_t> heaps_, fans_;
  std::vector<int64_t> double_keys_;
  uint32_t columns_ = 0, slots_ = 0;
};

/// A float's place among all floats as an integer: a < b is KeyOf(a) < KeyOf(b), but -0 is one below 0. NaN is the
/// lowest of all.
template <class Int, class Float>
Int Ordered(Float x) {
  if (x != x) return std::numeric_limits<Int>::min();
  const Int bits = std::bit_cast<Int>(x);
  return bits ^ ((bits >> (8 * sizeof(Int) - 1)) & std::numeric_limits<Int>::max());
}
inline int32_t KeyOf(float x) { return Ordered<int32_t>(x); }
inline int64_t KeyOf(double x) { return Ordered<int64_t>(x); }

/// The greatest key that is not beyond the cut. There is none between the keys of -0 and 0, so that the two are never
/// told apart.
int32_t FloatKey(const Cut& cut);
int64_t DoubleKey(const Cut& cut);

}  // namespace lamina::forest

#endif  // LAMINA_EXTENSION_FOREST_RANK_MAP_H_
