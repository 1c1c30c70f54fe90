#include "extension/forest/forest.h"

#include <utility>

#include "extension/forest/make_layout.h"
#include "extension/forest/predict.h"

namespace lamina::forest {

Forest Forest::Build(const Ensemble& ensemble, bool doubles) { return Forest(MakeLayout(ensemble, doubles)); }

Forest::Forest(std::unique_ptr<const Layout> layout) : layout_(std::move(layout)) {}
Forest::Forest(Forest&&) noexcept = default;
Forest& Forest::operator=(Forest&&) noexcept = default;
Forest::~Forest() = default;

size_t Forest::features() const { return layout_->features; }
size_t Forest::targets() const { return layout_->targets; }
size_t Forest::trees() const { return layout_->tree_count; }

void Forest::Predict(const Rows& rows, float* scores, const Parallel& parallel) const {
  PredictRows(*layout_, rows, scores, parallel);
}
void Forest::Predict(const Rows& rows, double* scores, const Parallel& parallel) const {
  PredictRows(*layout_, rows, scores, parallel);
}

std::string Forest::Describe() const { return DescribeLayout(*layout_); }

}  // namespace lamina::forest
