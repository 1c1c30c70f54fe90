// Which values come from those of an input, and which from shapes and constants alone.
#ifndef LAMINA_PREPARE_DATA_VALUES_H_
#define LAMINA_PREPARE_DATA_VALUES_H_

#include <string>
#include <unordered_set>

#include "prepare/onnx.pb.h"

namespace lamina::prepare {

/// Follows the values that come from those of an input, in the order of the nodes. What an inner graph is given, as the
/// counter of a Loop, is none.
class DataValues {
 public:
  explicit DataValues(const onnx::Graph& graph);

  /// Whether the node reads data; notes what it makes.
  bool Visit(const onnx::Node& node);

 private:
  std::unordered_set<std::string> names_;
};

}  // namespace lamina::prepare

#endif  // LAMINA_PREPARE_DATA_VALUES_H_
