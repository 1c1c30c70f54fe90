#include "extension/forest/single_lanes.h"

#include <algorithm>
#include <vector>

namespace lamina::forest {
namespace {

Tails TailsOf(LaneKind kind, std::span<const uint32_t> members, const SingleParts& parts) {
  if (kind.oblivious || kind.depth <= static_cast<int>(kMaxLaneLevels)) return Tails::kNone;
  const bool all = std::all_of(members.begin(), members.end(), [&](uint32_t t) { return HasTails(parts.tree(t)); });
  return all ? Tails::kWeights : Tails::kNodes;
}

void FillPlane(const TreeLanes& lanes, uint32_t node, uint32_t lane, Place place, SingleLayout& out) {
  uint8_t* plane = out.planes.data() + lanes.first + size_t{2} * kVectorBytes * node;
  plane[lane] = static_cast<uint8_t>(place.column);
  plane[kVectorBytes + lane] = static_cast<uint8_t>(place.threshold);
}

void FillOblivious(uint32_t t, const TreeLanes& lanes, uint32_t lane, SingleParts& parts) {
  const BlockLayout& layout = parts.layout();
  for (uint32_t level = 0; level < lanes.levels; ++level) {
    const Test& test = layout.tests[layout.trees[t].first + level];
    FillPlane(lanes, level, lane, {test.column / layout.rows, static_cast<int8_t>(test.threshold & 0xFF)}, parts.out());
  }
}

void FillComplete(uint32_t t, const TreeLanes& lanes, uint32_t lane, SingleParts& parts) {
  const Tree& tree = parts.tree(t);
  const PlaceOfBranch places = parts.PlacesIn(tree);
  for (uint32_t level = 0, node = 0; level < lanes.levels; ++level)
    for (uint32_t k = 0; k < 1u << level; ++k)
      FillPlane(lanes, node++, lane, PlaceAt(tree, k, static_cast<int>(level), places), parts.out());
}

void AddNodeTails(const Tree& tree, SingleParts& parts) {
  const PlaceOfBranch places = parts.PlacesIn(tree);
  constexpr int kLevel = kMaxLaneLevels;
  const auto bytes = [](Place place) {
    return uint64_t{static_cast<uint8_t>(place.column)} | uint64_t{static_cast<uint8_t>(place.threshold)} << 8;
  };
  for (uint32_t k = 0; k < 1u << kLevel; ++k)
    parts.out().tails.push_back(bytes(PlaceAt(tree, k, kLevel, places)) |
                                bytes(PlaceAt(tree, 2 * k, kLevel + 1, places)) << 16 |
                                bytes(PlaceAt(tree, 2 * k + 1, kLevel + 1, places)) << 32);
}

void AddNumbers(uint32_t t, uint32_t place, int depth, SingleParts& parts) {
  const Tree& tree = parts.tree(t);
  std::vector<uint32_t> leaf_of;
  for (uint32_t number = 0; number < 1u << depth; ++number)
    leaf_of.push_back(tree.nodes[NodeAt(tree, number, depth)].leaf);
  parts.AddLookups(t, place, leaf_of);
}

}  // namespace

LaneKind::LaneKind(bool is_oblivious, int tree_depth)
    : oblivious(is_oblivious), depth(std::max(tree_depth, kMinCompleteDepth)) {
  if (!oblivious && depth > static_cast<int>(kMaxLaneLevels)) depth = kMaxCompleteDepth;
}

void AddLanes(LaneKind kind, std::span<const uint32_t> members, SingleParts& parts) {
  SingleLayout& out = parts.out();
  TreeLanes lanes{.oblivious = kind.oblivious,
                  .trees = static_cast<uint32_t>(members.size()),
                  .first = static_cast<uint32_t>(out.planes.size()),
                  .tails = TailsOf(kind, members, parts)};
  lanes.levels = static_cast<uint32_t>(kind.depth) - (lanes.tails == Tails::kNone ? 0 : 2);
  lanes.first_tail = static_cast<uint32_t>(lanes.tails == Tails::kWeights ? out.tree_tails.size() : out.tails.size());
  lanes.place = parts.TakePlaces(kVectorBytes);
  lanes.values = static_cast<uint32_t>(out.values.size());
  lanes.value_bits = static_cast<uint32_t>(kind.depth);
  const uint32_t nodes = kind.oblivious ? lanes.levels : (1u << lanes.levels) - 1;
  out.planes.resize(out.planes.size() + size_t{2} * kVectorBytes * nodes);
  for (uint32_t lane = 0; lane < members.size(); ++lane) {
    const uint32_t t = members[lane];
    kind.oblivious ? FillOblivious(t, lanes, lane, parts) : FillComplete(t, lanes, lane, parts);
    if (lanes.tails == Tails::kNodes) AddNodeTails(parts.tree(t), parts);
    if (lanes.tails == Tails::kWeights) {
      parts.AddWeighed(t, lanes.levels, lanes.place + lane);
    } else {
      AddNumbers(t, lanes.place + lane, kind.depth, parts);
    }
  }
  out.lanes.push_back(lanes);
}

void AddHeaps(int depth, std::span<const uint32_t> members, SingleParts& parts) {
  SingleLayout& out = parts.out();
  TreeHeaps heaps{.levels = static_cast<uint32_t>(depth) - 2,
                  .trees = static_cast<uint32_t>(members.size()),
                  .first = static_cast<uint32_t>(out.heaps.size()),
                  .first_tail = static_cast<uint32_t>(out.tree_tails.size()),
                  .place = parts.TakePlaces(static_cast<uint32_t>(members.size()))};
  for (uint32_t i = 0; i < members.size(); ++i) {
    const Tree& tree = parts.tree(members[i]);
    AddHeap(tree, heaps.levels, parts.PlacesIn(tree), out.heaps);
    parts.AddWeighed(members[i], heaps.levels, heaps.place + i);
  }
  out.heaps.resize(out.heaps.size() + (size_t{kHeapsTogether} << heaps.levels));  // walked, and not weighed
  out.heap_groups.push_back(heaps);
}

}  // namespace lamina::forest
