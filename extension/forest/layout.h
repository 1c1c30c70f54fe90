// What Forest::Build leaves: the ensemble in the forms that the kernels run.
#ifndef LAMINA_EXTENSION_FOREST_LAYOUT_H_
#define LAMINA_EXTENSION_FOREST_LAYOUT_H_

#include <cstddef>
#include <vector>

#include "extension/forest/tree.h"

namespace lamina::forest {

struct Layout {
  size_t features = 0, targets = 1;
  Aggregate aggregate = Aggregate::kSum;
  std::vector<double> base_values;
  std::vector<Tree> trees;
};

}  // namespace lamina::forest

#endif  // LAMINA_EXTENSION_FOREST_LAYOUT_H_
