// Chooses how an ensemble runs.
#ifndef LAMINA_EXTENSION_FOREST_MAKE_LAYOUT_H_
#define LAMINA_EXTENSION_FOREST_MAKE_LAYOUT_H_

#include <memory>
#include <string>

#include "extension/forest/ensemble.h"
#include "extension/forest/layout.h"

namespace lamina::forest {

/// Checks the ensemble and lays it out; `doubles` keeps its trees to be walked in double. Throws std::invalid_argument.
std::unique_ptr<const Layout> MakeLayout(const Ensemble& ensemble, bool doubles);

/// One line for a log.
std::string DescribeLayout(const Layout& layout);

}  // namespace lamina::forest

#endif  // LAMINA_EXTENSION_FOREST_MAKE_LAYOUT_H_
