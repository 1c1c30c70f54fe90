// A tree ensemble as its parts, free of any file format: what Forest::Build and Classifier::Build take.
#ifndef LAMINA_EXTENSION_FOREST_ENSEMBLE_H_
#define LAMINA_EXTENSION_FOREST_ENSEMBLE_H_

#include <cstddef>
#include <cstdint>
#include <vector>

namespace lamina::forest {

/// What a node asks of its feature's value x. A comparison with NaN is false, but for kNotEqual, where it is true.
enum class Mode : uint8_t {
  kLeaf,
  kLessOrEqual,     // x <= threshold
  kLess,            // x < threshold
  kGreaterOrEqual,  // x >= threshold
  kGreater,         // x > threshold
  kEqual,           // x == threshold
  kNotEqual,        // x != threshold
  kMember,          // x is one of the node's members
};

/// How the weights that the trees give to one target become its score.
enum class Aggregate : uint8_t { kSum, kAverage, kMin, kMax };

/// A branch or a leaf. The children are places in Ensemble::nodes.
struct Node {
  Mode mode = Mode::kLeaf;
  bool missing_tracks_true = false;  // NaN goes to the true child
  uint32_t feature = 0;
  double threshold = 0;  // what is a float in the model is the same float here
  uint32_t true_child = 0, false_child = 0;
  uint32_t first_member = 0, member_count = 0;  // kMember: a part of Ensemble::members
  uint32_t first_weight = 0, weight_count = 0;  // kLeaf: a part of Ensemble::weights
  int64_t tree_id = 0, node_id = 0;             // what error messages call it
};

struct Weight {
  uint32_t target = 0;
  double value = 0;
};

struct Ensemble {
  std::vector<Node> nodes;
  std::vector<uint32_t> roots;  // one for each tree; scores are summed in this order
  std::vector<Weight> weights;
  std::vector<double> members;
  uint32_t targets = 1;
  Aggregate aggregate = Aggregate::kSum;
  std::vector<double> base_values;  // added to the scores: empty, one, or one for each target
  bool base_needs_weight = false;   // a row that gets no weight for a target has 0 there, not the base value
};

}  // namespace lamina::forest

#endif  // LAMINA_EXTENSION_FOREST_ENSEMBLE_H_
