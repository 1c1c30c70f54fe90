#include "extension/forest/single_parts.h"

#include <map>

namespace lamina::forest {

SingleParts::SingleParts(const std::vector<Tree>& trees, const BlockLayout& layout, float absent)
    : trees_(trees), layout_(layout), absent_(absent) {
  AddRowFeatures(layout.ranks, out_);
  column_of_ = AddSetAnswers(trees, layout.ranks, out_);
}

PlaceOfBranch SingleParts::PlacesIn(const Tree& tree) const {
  return [this, &tree](const TreeNode& node) {
    Place place = layout_.ranks.PlaceOf(node);
    if (node.set >= 0) place.column = column_of_.at(tree.sets[node.set]);
    return place;
  };
}

void SingleParts::BeginSection(uint32_t begin, uint32_t end) {
  next_place_ = 0;
  first_tree_ = begin;
  lookups_of_.assign(end - begin, {});
}

/// True if the lanes from `first` on are all trees of the section, in their order, and one target's only weights.
bool SingleParts::IsStraight(size_t first) const {
  size_t t = 0;
  for (size_t i = first; i < out_.lanes.size(); ++i) {
    const TreeLanes& lanes = out_.lanes[i];
    for (uint32_t lane = 0; lane < lanes.trees; ++lane, ++t) {
      const uint32_t values = lanes.tails == Tails::kWeights ? kWeighed : lanes.values + (lane << lanes.value_bits);
      const SingleLookup wanted{lanes.place + lane, values, 0};
      if (t == lookups_of_.size() || lookups_of_[t].size() != 1 || lookups_of_[t][0] != wanted) return false;
    }
  }
  return t == lookups_of_.size();
}

void SingleParts::EndSection() {
  out_.straight &= IsStraight(out_.sections.empty() ? 0 : out_.sections.back().lanes_end);
  bool weighed = true;
  uint32_t next = 0;
  for (const auto& lookups : lookups_of_)
    for (const SingleLookup& lookup : lookups) {
      weighed &= lookup.values == kWeighed && lookup.place == next++;
      out_.lookups.push_back(lookup);
    }
  const auto size = [](const auto& of) { return static_cast<uint32_t>(of.size()); };
  out_.sections.push_back({size(out_.lanes), size(out_.heap_groups), size(out_.masked), size(out_.trees),
                           size(out_.walked), size(out_.lookups), weighed});
}

uint32_t SingleParts::TakePlaces(uint32_t count) {
  next_place_ += count;
  return next_place_ - count;
}

void SingleParts::AddLookups(uint32_t t, uint32_t place, const std::vector<uint32_t>& leaf_of) {
  std::map<uint32_t, std::vector<float>> by_target;
  for (size_t number = 0; number < leaf_of.size(); ++number)
    for (const Weight& w : trees_[t].LeafWeights(leaf_of[number]))
      by_target.try_emplace(w.target, leaf_of.size(), absent_).first->second[number] = static_cast<float>(w.value);
  for (const auto& [target, values] : by_target) {
    lookups_of_[t - first_tree_].push_back({place, static_cast<uint32_t>(out_.values.size()), target});
    out_.values.insert(out_.values.end(), values.begin(), values.end());
  }
}

void SingleParts::AddWeighed(uint32_t t, uint32_t levels, uint32_t place) {
  const Tree& tree = trees_[t];
  AddTails(tree, levels, PlacesIn(tree), absent_, out_.tree_tails);
  for (uint32_t leaf = 0;; ++leaf) {  // the first that has a weight tells the target
    const auto weights = tree.LeafWeights(leaf);
    if (!weights.empty()) return lookups_of_[t - first_tree_].push_back({place, kWeighed, weights.front().target});
  }
}

}  // namespace lamina::forest
