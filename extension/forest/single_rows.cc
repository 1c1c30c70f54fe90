#include "extension/forest/single_rows.h"

#include <algorithm>
#include <map>
#include <span>
#include <utility>

#include "extension/forest/single_lanes.h"
#include "extension/forest/single_parts.h"
#include "extension/forest/single_trees.h"

namespace lamina::forest {
namespace {

constexpr uint32_t kMaxColumns = 256;
constexpr size_t kMinLanes = 4;  // trees; fewer are quicker one by one

/// A section's trees, sorted by how a single row goes through them.
struct Sorted {
  std::map<LaneKind, std::vector<uint32_t>> lanes;
  std::map<int, std::vector<uint32_t>> heaps;  // by depth
  std::vector<uint32_t> small, medium, asked, walked;

  /// For a tree that shares no lanes.
  void KeepApart(uint32_t t, const Tree& tree) {
    const size_t leaves = tree.sets.empty() ? tree.leaves() : kMaxLeaves;
    (leaves <= 32 ? small : leaves <= 64 ? medium : asked).push_back(t);
  }
};

Sorted SortTrees(uint32_t begin, uint32_t end, const std::vector<char>& oblivious, const SingleParts& parts) {
  Sorted out;
  for (uint32_t t = begin; t < end; ++t) {
    const Tree& tree = parts.tree(t);
    const bool sets = !tree.sets.empty();
    if (sets && parts.has_set_columns() && HasTails(tree)) {
      out.heaps[tree.depth].push_back(t);
    } else if (sets) {
      (parts.has_set_columns() ? out.walked : out.asked).push_back(t);
    } else if (tree.depth > kMaxCompleteDepth) {
      out.KeepApart(t, tree);
    } else {
      out.lanes[LaneKind(oblivious[t], tree.depth)].push_back(t);
    }
  }
  return out;
}

void AddSection(uint32_t begin, uint32_t end, const std::vector<char>& oblivious, SingleParts& parts) {
  Sorted sorted = SortTrees(begin, end, oblivious, parts);
  parts.BeginSection(begin, end);
  for (const auto& [kind, members] : sorted.lanes) {
    size_t i = 0;
    for (; i < members.size() && members.size() - i >= kMinLanes; i += kVectorBytes)
      AddLanes(kind, std::span(members).subspan(i, std::min<size_t>(kVectorBytes, members.size() - i)), parts);
    for (; i < members.size(); ++i) sorted.KeepApart(members[i], parts.tree(members[i]));
  }
  for (const auto& [depth, members] : sorted.heaps) AddHeaps(depth, members, parts);
  AddSmallMasked(sorted.small, parts);
  AddMediumMasked(sorted.medium, parts);
  for (const uint32_t t : sorted.asked) AddAsked(t, parts);
  for (const uint32_t t : sorted.walked) AddWalked(t, parts);
  parts.EndSection();
}

}  // namespace

void LayOutSingleRows(const std::vector<Tree>& trees, float absent, BlockLayout& layout) {
  if (layout.ranks.columns() + layout.ranks.slots() > kMaxColumns) return;
  std::vector<char> oblivious;  // a tree each
  for (const Run& run : layout.runs)
    for (uint32_t t = run.begin; t < run.end; ++t) oblivious.push_back(run.kernel == Kernel::kOblivious);
  SingleParts parts(trees, layout, absent);
  const auto count = static_cast<uint32_t>(trees.size());
  for (uint32_t t = 0; t < count; t += kSectionTrees)
    AddSection(t, std::min(count, t + kSectionTrees), oblivious, parts);
  layout.single = std::move(parts.out());
}

}  // namespace lamina::forest
