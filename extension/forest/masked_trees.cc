#include "extension/forest/masked_trees.h"

namespace lamina::forest {
namespace {

/// Returns the first leaf below node i.
template <uint32_t kWords>
uint32_t MaskNodes(const Tree& tree, const RankMap& ranks, int32_t i, MaskedTree<kWords>& masked) {
  const TreeNode& node = tree.nodes[i];
  if (node.IsLeaf()) return node.leaf;
  const uint32_t first = MaskNodes(tree, ranks, node.left, masked), me = MaskNodes(tree, ranks, node.right, masked) - 1;
  const Place place = ranks.PlaceOf(node);
  masked.columns[me] = static_cast<uint8_t>(place.column);
  masked.thresholds[me] = place.threshold;
  for (uint32_t leaf = first; leaf <= me; ++leaf) masked.masks[leaf / 32 * masked.kNodes + me] &= ~(1u << (leaf % 32));
  return first;
}

}  // namespace

template <uint32_t kWords>
MaskedTree<kWords> MaskTree(const Tree& tree, const RankMap& ranks) {
  MaskedTree<kWords> masked;
  MaskNodes(tree, ranks, 0, masked);
  return masked;
}

template MaskedTree<1> MaskTree(const Tree&, const RankMap&);
template MaskedTree<2> MaskTree(const Tree&, const RankMap&);

}  // namespace lamina::forest
