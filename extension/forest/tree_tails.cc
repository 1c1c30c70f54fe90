#include "extension/forest/tree_tails.h"

namespace lamina::forest {
namespace {

constexpr int kMinTailsDepth = 5;  // shallower trees have few lines of the cache anyway

TailNode Packed(Place place) { return {static_cast<uint16_t>(place.column), place.threshold}; }

float WeightAt(const Tree& tree, uint32_t number, int level, float absent) {
  const auto weights = tree.LeafWeights(tree.nodes[NodeAt(tree, number, level)].leaf);
  return weights.empty() ? absent : static_cast<float>(weights.front().value);
}

}  // namespace

int32_t NodeAt(const Tree& tree, uint32_t k, int level) {
  int32_t at = 0;
  for (int l = level - 1; l >= 0 && !tree.nodes[at].IsLeaf(); --l)
    at = k >> l & 1 ? tree.nodes[at].right : tree.nodes[at].left;
  return at;
}

Place PlaceAt(const Tree& tree, uint32_t k, int level, const PlaceOfBranch& place_of) {
  const TreeNode& node = tree.nodes[NodeAt(tree, k, level)];
  return node.IsLeaf() ? Place{0, 127} : place_of(node);
}

bool HasTails(const Tree& tree) {
  if (tree.depth < kMinTailsDepth || tree.depth > kMaxCompleteDepth) return false;
  const Weight* first = nullptr;
  for (const TreeNode& node : tree.nodes) {
    if (!node.IsLeaf()) continue;
    const auto weights = tree.LeafWeights(node.leaf);
    if (weights.size() > 1) return false;
    if (weights.empty()) continue;
    if (first && first->target != weights.front().target) return false;
    first = &weights.front();
  }
  return first != nullptr;
}

void AddHeap(const Tree& tree, uint32_t levels, const PlaceOfBranch& place_of, std::vector<TailNode>& heaps) {
  heaps.emplace_back();
  for (int level = 0; level < static_cast<int>(levels); ++level)
    for (uint32_t k = 0; k < 1u << level; ++k) heaps.push_back(Packed(PlaceAt(tree, k, level, place_of)));
}

void AddTails(const Tree& tree, uint32_t levels, const PlaceOfBranch& place_of, float absent,
              std::vector<TreeTail>& tails) {
  const auto level = static_cast<int>(levels);
  for (uint32_t k = 0; k < 1u << levels; ++k) {
    TreeTail tail;
    tail.nodes = {Packed(PlaceAt(tree, k, level, place_of)), Packed(PlaceAt(tree, 2 * k, level + 1, place_of)),
                  Packed(PlaceAt(tree, 2 * k + 1, level + 1, place_of))};
    for (uint32_t j = 0; j < 4; ++j) tail.weights[j] = WeightAt(tree, 4 * k + j, level + 2, absent);
    tails.push_back(tail);
  }
}

}  // namespace lamina::forest
