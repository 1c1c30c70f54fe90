// Holds a layer to its row_wise_rank (lamina/abi.h).
#ifndef LAMINA_SDK_TESTKIT_ROW_WISE_H_
#define LAMINA_SDK_TESTKIT_ROW_WISE_H_

#include <string>
#include <vector>

#include "sdk/testkit/testkit.h"

namespace lamina::testkit {

/// `layer` says of itself that it works row by row (lamina_layer.row_wise_rank is `rank`), and made `outputs` of
/// `inputs`. Runs the first rows alone, and some hundred rows, again and again the same, in one batch: either has to
/// give the rows of `outputs` to the last bit. Empty, or what differed. Inputs of fewer dimensions, or not all of as
/// many rows, are not taken apart: nothing is run.
std::string CheckRows(const PreparedLayer& layer, uint32_t rank, const std::vector<Value>& inputs,
                      const std::vector<Value>& outputs);

}  // namespace lamina::testkit

#endif  // LAMINA_SDK_TESTKIT_ROW_WISE_H_
