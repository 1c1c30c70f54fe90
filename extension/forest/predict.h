// Rows in, scores out: blocks of rows, spread over threads, each through the kernels in use.
#ifndef LAMINA_EXTENSION_FOREST_PREDICT_H_
#define LAMINA_EXTENSION_FOREST_PREDICT_H_

#include "extension/forest/forest.h"
#include "extension/forest/layout.h"

namespace lamina::forest {

void PredictRows(const Layout& layout, const Rows& rows, float* scores, const Parallel& parallel);
void PredictRows(const Layout& layout, const Rows& rows, double* scores, const Parallel& parallel);

}  // namespace lamina::forest

#endif  // LAMINA_EXTENSION_FOREST_PREDICT_H_
