#include "extension/forest/forest.h"

#include <algorithm>
#include <utility>

#include "extension/forest/layout.h"
#include "extension/forest/walk.h"

namespace lamina::forest {
namespace {

constexpr size_t kWalkBlock = 256;

template <class Body>
void ForBlocks(size_t rows, size_t block, const Parallel& parallel, const Body& body) {
  const size_t blocks = (rows + block - 1) / block;
  const auto run = [&](size_t i) { body(i * block, std::min(rows, (i + 1) * block)); };
  if (blocks > 1 && parallel.threads > 1) return parallel.run(blocks, run);
  for (size_t i = 0; i < blocks; ++i) run(i);
}

}  // namespace

Forest Forest::Build(const Ensemble& ensemble) {
  auto layout = std::make_unique<Layout>();
  layout->trees = MakeTrees(ensemble);
  layout->targets = ensemble.targets;
  layout->aggregate = ensemble.aggregate;
  layout->base_values = ensemble.base_values;
  for (const Tree& tree : layout->trees)
    for (const TreeNode& node : tree.nodes)
      if (!node.IsLeaf()) layout->features = std::max<size_t>(layout->features, node.feature + 1);
  return Forest(std::move(layout));
}

Forest::Forest(std::unique_ptr<const Layout> layout) : layout_(std::move(layout)) {}
Forest::Forest(Forest&&) noexcept = default;
Forest& Forest::operator=(Forest&&) noexcept = default;
Forest::~Forest() = default;

size_t Forest::features() const { return layout_->features; }
size_t Forest::targets() const { return layout_->targets; }
size_t Forest::trees() const { return layout_->trees.size(); }

void Forest::Predict(const Rows& rows, float* scores, const Parallel& parallel) const {
  ForBlocks(rows.count, kWalkBlock, parallel, [&](size_t begin, size_t end) { WalkRows(*layout_, rows, begin, end, scores); });
}

void Forest::Predict(const Rows& rows, double* scores, const Parallel& parallel) const {
  ForBlocks(rows.count, kWalkBlock, parallel, [&](size_t begin, size_t end) { WalkRows(*layout_, rows, begin, end, scores); });
}

std::string Forest::Describe() const { return std::to_string(trees()) + " trees, walked"; }

}  // namespace lamina::forest
