#include "extension/forest/make_layout.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "extension/forest/deep.h"
#include "extension/forest/isa.h"
#include "extension/forest/lay_out.h"

namespace lamina::forest {
namespace {

constexpr size_t kMaxPiecesLeaves = 1024;  // of a tree that is cut into pieces: beyond, walking is faster
constexpr size_t kMaxPieceDepth = 128;     // a deeper tree has too long a way to its pieces

/// Whether each target gets a weight in every row: some tree has one for it in all of its leaves. Or does not matter.
bool CoversTargets(const std::vector<Tree>& trees, std::vector<char> covered) {
  const size_t targets = covered.size();
  for (const Tree& tree : trees) {
    std::vector<uint32_t> leaves_with(targets);
    for (const Weight& w : tree.weights) ++leaves_with[w.target];
    for (size_t k = 0; k < targets; ++k) covered[k] |= leaves_with[k] == tree.leaves();
  }
  return std::all_of(covered.begin(), covered.end(), [](char c) { return c != 0; });
}

bool NeedWalking(const Tree& tree) {
  return tree.leaves() > kMaxPiecesLeaves ||
         (tree.leaves() > kMaxLeaves && tree.depth > static_cast<int>(kMaxPieceDepth));
}

Rounding RoundingFor(const std::vector<Tree>& trees) {
  bool strict = false, loose = false;
  for (const Tree& tree : trees)
    for (const TreeNode& node : tree.nodes) {
      if (node.IsLeaf()) continue;
      if (node.set >= 0 || static_cast<double>(static_cast<float>(node.cut.at)) != node.cut.at) return Rounding::kNone;
      (node.cut.strict ? strict : loose) = true;
    }
  return strict && loose ? Rounding::kNone : strict ? Rounding::kDown : Rounding::kUp;
}

/// Whether the kernels can run these trees. What they can't say is that a row gets no weight for a target, which
/// matters to a minimum or maximum, and to a base value that needs one.
bool FitKernels(const std::vector<Tree>& trees, const Ensemble& ensemble) {
  if (trees.empty()) return false;
  const bool sums = ensemble.aggregate == Aggregate::kSum || ensemble.aggregate == Aggregate::kAverage;
  const std::vector<double>& bases = ensemble.base_values;
  std::vector<char> does_not_matter(ensemble.targets);
  for (size_t k = 0; sums && k < ensemble.targets; ++k)
    does_not_matter[k] = !ensemble.base_needs_weight || bases.empty() || bases[bases.size() == 1 ? 0 : k] == 0;
  return CoversTargets(trees, std::move(does_not_matter));
}

/// Bytes of look-up tables that the pieces need, at the most.
uint64_t TableBytes(const std::vector<Tree>& pieces, size_t targets) {
  uint64_t bytes = 0;
  std::vector<size_t> seen(targets);
  for (size_t t = 0; t < pieces.size(); ++t) {
    const Tree& piece = pieces[t];
    const auto leaves = static_cast<uint32_t>(piece.leaves());
    const uint32_t entries = piece.depth <= kMaxCompleteDepth ? 1u << piece.depth : std::bit_ceil(leaves);
    for (const Weight& w : piece.weights)
      if (std::exchange(seen[w.target], t + 1) != t + 1) bytes += 4 * TableRoom(entries);
  }
  return bytes;
}

/// Or none: tables are found by 32 bits.
std::optional<BlockLayout> LayOutPieces(const std::vector<Tree>& pieces, size_t targets, float absent) {
  if (TableBytes(pieces, targets) > std::numeric_limits<uint32_t>::max()) return std::nullopt;
  return LayOutBlocks(pieces, absent);
}

std::vector<Tree> Pieces(const std::vector<Tree>& trees) {
  std::vector<Tree> out;
  for (const Tree& tree : trees)
    for (Tree& piece : CutIntoPieces(tree)) out.push_back(std::move(piece));
  return out;
}

}  // namespace

std::unique_ptr<const Layout> MakeLayout(const Ensemble& ensemble, bool doubles) {
  auto layout = std::make_unique<Layout>();
  std::vector<Tree> trees = MakeTrees(ensemble);
  layout->tree_count = trees.size();
  layout->targets = ensemble.targets;
  layout->aggregate = ensemble.aggregate;
  layout->base_values = ensemble.base_values;
  layout->base_needs_weight = ensemble.base_needs_weight;
  for (const Tree& tree : trees)
    for (const TreeNode& node : tree.nodes)
      if (!node.IsLeaf()) layout->features = std::max<size_t>(layout->features, node.feature + 1);
  layout->rounding = RoundingFor(trees);
  const float absent = StartOf(ensemble.aggregate);
  if (FitKernels(trees, ensemble)) {
    if (std::none_of(trees.begin(), trees.end(), NeedWalking))
      layout->blocks = LayOutPieces(Pieces(trees), ensemble.targets, absent);
    else if (CanBeDeep(trees, ensemble.targets))
      layout->deep = LayOutDeep(trees, ensemble.targets, absent);
  }
  const bool inexact = layout->deep && layout->rounding == Rounding::kNone;  // rows of doubles
  if (doubles || inexact || (!layout->blocks && !layout->deep) || Targets().empty()) layout->trees = std::move(trees);
  return layout;
}

std::string DescribeLayout(const Layout& layout) {
  std::string out = std::to_string(layout.tree_count) + " trees, ";
  if (layout.deep)
    return out + "deep, " + std::to_string(layout.deep->nodes.size()) + " nodes, " +
           std::to_string(layout.deep->tops.ranks.columns()) + " columns, " + Target();
  if (!layout.blocks) return out + "walked";
  size_t of[3] = {};
  for (const Run& run : layout.blocks->runs) of[static_cast<size_t>(run.kernel)] += run.end - run.begin;
  constexpr const char* kNames[] = {"complete", "oblivious", "program"};
  for (size_t k = 0; k < 3; ++k)
    if (of[k] > 0) out += std::to_string(of[k]) + " " + kNames[k] + ", ";
  return out + std::to_string(layout.blocks->ranks.columns()) + " columns, " + Target();
}

}  // namespace lamina::forest
