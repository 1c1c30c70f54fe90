// How a single row's values become ranks and answers of sets.
#ifndef LAMINA_EXTENSION_FOREST_ROW_FEATURES_H_
#define LAMINA_EXTENSION_FOREST_ROW_FEATURES_H_

#include <cstdint>
#include <map>
#include <vector>

#include "extension/forest/layout.h"

namespace lamina::forest {

using SetColumns = std::map<ValueSet, uint32_t>;

/// Sorts the features into those that RowFeature can stand for, and others.
void AddRowFeatures(const RankMap& ranks, SingleLayout& out);

/// Gives the sets of all trees a column each, by feature, and notes what they answer; none if there are too many.
SetColumns AddSetAnswers(const std::vector<Tree>& trees, const RankMap& ranks, SingleLayout& out);

}  // namespace lamina::forest

#endif  // LAMINA_EXTENSION_FOREST_ROW_FEATURES_H_
