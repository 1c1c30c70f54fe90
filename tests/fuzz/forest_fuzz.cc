// Trees in ONNX's tables, checked and laid out: a forest, or an error that says what is wrong. The input: which tables,
// how many targets, nodes and weights, then the tables' numbers, a byte each; what it lacks is 0.
#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>

#include "extension/forest/make_layout.h"
#include "extension/forest/tables.h"

namespace lamina::forest {
namespace {

class Numbers {
 public:
  explicit Numbers(std::span<const uint8_t> bytes) : bytes_(bytes) {}

  uint8_t Next() {
    if (bytes_.empty()) return 0;
    const uint8_t byte = bytes_.front();
    bytes_ = bytes_.subspan(1);
    return byte;
  }
  int8_t Signed() { return static_cast<int8_t>(Next()); }

 private:
  std::span<const uint8_t> bytes_;
};

NodeTables ReadTables(Numbers& numbers, size_t nodes, size_t weights) {
  constexpr const char* kModes[] = {"LEAF",      "BRANCH_LEQ", "BRANCH_LT",  "BRANCH_GTE",
                                    "BRANCH_GT", "BRANCH_EQ",  "BRANCH_NEQ", "BRANCH"};
  NodeTables tables;
  for (size_t i = 0; i < nodes; ++i) {
    tables.nodes_treeids.push_back(numbers.Signed());
    tables.nodes_nodeids.push_back(numbers.Signed());
    tables.nodes_featureids.push_back(numbers.Signed());
    tables.nodes_modes.emplace_back(kModes[numbers.Next() % 8]);
    tables.nodes_values.push_back(numbers.Signed() / 4.0);
    tables.nodes_truenodeids.push_back(numbers.Signed());
    tables.nodes_falsenodeids.push_back(numbers.Signed());
    tables.nodes_missing_value_tracks_true.push_back(numbers.Next() % 2);
  }
  for (size_t i = 0; i < weights; ++i) {
    tables.target_treeids.push_back(numbers.Signed());
    tables.target_nodeids.push_back(numbers.Signed());
    tables.target_ids.push_back(numbers.Signed());
    tables.target_weights.push_back(numbers.Signed());
  }
  return tables;
}

BranchTables ReadBranches(Numbers& numbers, size_t nodes, size_t leaves) {
  BranchTables tables;
  tables.tree_roots.push_back(numbers.Signed());
  for (size_t i = 0; i < nodes; ++i) {
    tables.nodes_featureids.push_back(numbers.Signed());
    tables.nodes_modes.push_back(numbers.Next() % 8);
    tables.nodes_splits.push_back(numbers.Signed() / 4.0);
    tables.nodes_truenodeids.push_back(numbers.Signed());
    tables.nodes_trueleafs.push_back(numbers.Next() % 2);
    tables.nodes_falsenodeids.push_back(numbers.Signed());
    tables.nodes_falseleafs.push_back(numbers.Next() % 2);
    tables.membership_values.push_back(numbers.Signed());
  }
  for (size_t i = 0; i < leaves; ++i) {
    tables.leaf_targetids.push_back(numbers.Signed());
    tables.leaf_weights.push_back(numbers.Signed());
  }
  return tables;
}

void Try(std::span<const uint8_t> input) {
  Numbers numbers(input);
  const bool branches = numbers.Next() % 2 == 1, doubles = numbers.Next() % 2 == 1;
  const int64_t targets = numbers.Signed();
  const size_t nodes = numbers.Next() % 64, weights = numbers.Next() % 64;
  Ensemble ensemble = branches ? FromTables(ReadBranches(numbers, nodes, weights), targets)
                               : FromTables(ReadTables(numbers, nodes, weights), targets);
  ensemble.aggregate = static_cast<Aggregate>(numbers.Next() % 4);
  MakeLayout(ensemble, doubles);
}

}  // namespace
}  // namespace lamina::forest

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  try {
    lamina::forest::Try({data, size});
  } catch (const std::invalid_argument&) {
  }
  return 0;
}
