#include "extension/forest/rank_map.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <utility>

namespace lamina::forest {
namespace {

constexpr uint32_t kMaxAt = 1 << 16;  // features that are found by their number

/// The key of the last number of this type that is not beyond the cut.
template <class Int, class Float>
Int LastNotBeyond(const Cut& cut) {
  Float last = static_cast<Float>(cut.at);
  bool strict = cut.strict;
  if (static_cast<double>(last) !=
      cut.at) {  // between two numbers: the one below is the last, whatever the cut says about equality
    if (static_cast<double>(last) > cut.at) last = std::nextafter(last, -std::numeric_limits<Float>::infinity());
    strict = false;
  }
  if (last == 0) return strict ? -2 : 0;
  return Ordered<Int>(last) - (strict ? 1 : 0);
}

}  // namespace

int32_t FloatKey(const Cut& cut) { return LastNotBeyond<int32_t, float>(cut); }
int64_t DoubleKey(const Cut& cut) { return LastNotBeyond<int64_t, double>(cut); }

RankMap::RankMap(const std::vector<Tree>& trees) {
  const CutsOf cuts_of = Collect(trees);
  std::vector<uint32_t> in_use;
  for (const auto& [feature, cuts] : cuts_of) in_use.push_back(feature);
  std::sort(in_use.begin(), in_use.end());
  fans_.assign(kFan, std::numeric_limits<int32_t>::max());
  at_.assign(in_use.empty() ? 0 : std::min(in_use.back() + 1, kMaxAt), -1);
  for (const uint32_t feature : in_use) {
    if (feature < at_.size()) at_[feature] = static_cast<int32_t>(features_.size());
    AddFeature(feature, cuts_of.at(feature));
  }
}

RankMap::CutsOf RankMap::Collect(const std::vector<Tree>& trees) {
  CutsOf cuts_of;
  for (const Tree& tree : trees) {
    slots_ = std::max(slots_, static_cast<uint32_t>(tree.sets.size()));
    for (const TreeNode& node : tree.nodes) {
      if (node.IsLeaf()) continue;
      Cuts& cuts = cuts_of[node.feature];
      if (node.set >= 0) {
        cuts.high = cuts.sets = true;
        for (const double v : tree.sets[node.set].values) cuts.cuts.insert(cuts.cuts.end(), {{v, true}, {v, false}});
      } else {
        (node.nan_right ? cuts.high : cuts.low) = true;
        cuts.cuts.push_back(node.cut);
      }
    }
  }
  for (auto& [feature, cuts] : cuts_of) {
    std::sort(cuts.cuts.begin(), cuts.cuts.end());
    cuts.cuts.erase(std::unique(cuts.cuts.begin(), cuts.cuts.end()), cuts.cuts.end());
  }
  return cuts_of;
}

uint32_t RankMap::Find(uint32_t feature) const {
  const auto found = std::lower_bound(features_.begin(), features_.end(), feature,
                                      [](const RankedFeature& f, uint32_t wanted) { return f.feature < wanted; });
  return static_cast<uint32_t>(found - features_.begin());
}

/// With sets, segments overlap by a rank: bytes 1 to 254 stand for one rank each, and 255 in the last segment for NaN
/// alone.
void RankMap::AddFeature(uint32_t feature, const Cuts& cuts) {
  RankedFeature f{.feature = feature,
                  .cuts = static_cast<uint32_t>(cuts.cuts.size()),
                  .first_key = static_cast<uint32_t>(double_keys_.size())};
  f.step = cuts.sets ? 254 : 255;
  f.segments = std::max(1u, (f.cuts + f.step - 1) / f.step);
  f.nan_low = cuts.low;
  f.nan_high = cuts.high;
  f.first_column = columns_;
  columns_ += f.segments * (f.nan_low + f.nan_high);
  std::vector<int32_t> keys;
  for (const Cut& cut : cuts.cuts) {
    cuts_.push_back(cut);
    keys.push_back(FloatKey(cut));
    double_keys_.push_back(DoubleKey(cut));
  }
  f.heap_levels = static_cast<uint8_t>(std::max(1, static_cast<int>(std::bit_width(f.cuts))));
  if (f.heap_levels <= kHeapLevels) AddHeap(keys, f);
  AddFan(std::move(keys), f);
  features_.push_back(f);
}

/// The sorted keys as a complete search tree in heap order, from 1; what is left over is beyond every number.
void RankMap::AddHeap(const std::vector<int32_t>& keys, RankedFeature& f) {
  const uint32_t size = 1u << f.heap_levels, room = std::max(size, 16u);
  f.first_heap = static_cast<uint32_t>(heaps_.size());
  heaps_.resize(heaps_.size() + room, std::numeric_limits<int32_t>::max());
  for (uint32_t level = 0; level < f.heap_levels; ++level) {
    const uint32_t nodes = 1u << level, span = size >> level;
    for (uint32_t i = 0; i < nodes; ++i) {
      const uint32_t k = i * span + span / 2 - 1;
      if (k < f.cuts) heaps_[f.first_heap + nodes + i] = keys[k];
    }
  }
}

/// The sorted keys in nodes of kFan, and above them levels of the last key of each node below. Nodes are filled up with
/// keys that are beyond every number.
void RankMap::AddFan(std::vector<int32_t> keys, RankedFeature& f) {
  std::vector<std::vector<int32_t>> levels;
  do {
    if (!levels.empty()) {
      keys.clear();
      for (size_t i = kFan - 1; i < levels.back().size(); i += kFan) keys.push_back(levels.back()[i]);
    }
    keys.resize(keys.size() / kFan * kFan + kFan, std::numeric_limits<int32_t>::max());
    levels.push_back(keys);
  } while (keys.size() > kFan);
  f.fan_levels = static_cast<uint8_t>(levels.size());
  for (uint32_t level = 0; level < f.fan_levels; ++level) {
    const std::vector<int32_t>& nodes = levels[f.fan_levels - 1 - level];
    f.first_fan[level] = static_cast<uint32_t>(fans_.size());
    fans_.insert(fans_.end(), nodes.begin(), nodes.end());
  }
}

uint32_t RankMap::RankBefore(const RankedFeature& f, const Cut& cut) const {
  const auto first = cuts_.begin() + f.first_key;
  return static_cast<uint32_t>(std::lower_bound(first, first + f.cuts, cut) - first);
}

Place RankMap::PlaceOf(const TreeNode& node) const {
  if (node.set >= 0) return {columns_ + static_cast<uint32_t>(node.set), static_cast<int8_t>(-128)};
  const RankedFeature& f = FeatureOf(node.feature);
  const uint32_t k = RankBefore(f, node.cut), segment = k / f.step, kinds = f.nan_low + f.nan_high;
  const uint32_t kind = node.nan_right && f.nan_low ? 1 : 0;
  return {f.first_column + segment * kinds + kind, static_cast<int8_t>((k - segment * f.step) ^ 0x80)};
}

std::vector<SetTest> RankMap::TestsOf(const Tree& tree) const {
  std::vector<SetTest> out;
  for (uint32_t i = 0; i < tree.sets.size(); ++i) TestSet(tree.sets[i], FeatureOf(tree.sets[i].feature), i, out);
  return out;
}

void RankMap::TestSet(const ValueSet& set, const RankedFeature& f, uint32_t slot, std::vector<SetTest>& out) const {
  const uint32_t kinds = f.nan_low + f.nan_high, high = f.nan_low ? 1 : 0;
  std::vector<std::array<uint8_t, 32>> bits(f.segments);
  std::vector<char> used(f.segments);
  const auto mark = [&](uint32_t segment, uint32_t byte) {
    bits[segment][byte / 8] |= static_cast<uint8_t>(1u << (byte % 8));
    used[segment] = 1;
  };
  for (const double v : set.values) {
    const uint32_t rank = RankOfMember(f, v), segment = (rank - 1) / f.step;
    mark(segment, rank - segment * f.step);
  }
  if (set.nan) mark(f.segments - 1, 255);
  if (std::none_of(used.begin(), used.end(), [](char u) { return u != 0; })) used[0] = 1;
  bool first = true;
  for (uint32_t s = 0; s < f.segments; ++s) {
    if (!used[s]) continue;
    out.push_back({.column = f.first_column + s * kinds + high, .slot = slot, .first = first, .bits = bits[s]});
    first = false;
  }
}

}  // namespace lamina::forest
