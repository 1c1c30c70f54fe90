// What the three tree layers share: tables from attributes, rows from an input, threads from a call.
#ifndef LAMINA_EXTENSION_LAYERS_TREE_NODES_H_
#define LAMINA_EXTENSION_LAYERS_TREE_NODES_H_

#include <lamina/context.h>

#include <stdexcept>
#include <string>

#include "extension/forest/forest.h"
#include "extension/layers/node_attributes.h"
#include "extension/layers/rows.h"

namespace lamina::layers {

/// The ensemble in the attributes of a TreeEnsembleRegressor (prefix "target") or TreeEnsembleClassifier ("class").
/// Throws an Error naming the layer for one that is malformed.
forest::Ensemble EnsembleOf(const Node& node, const std::string& prefix, int64_t targets, const char* layer);

/// The attribute n_targets. Throws an Error naming the layer for one that no model has: tables for it would fill the
/// memory.
int64_t TargetsOf(const Node& node, const char* layer);

/// Whether one of the ensemble's lists of numbers is a tensor of f64: rows of f64 are then also summed in f64.
bool HasDoubles(const Node& node, const std::string& prefix);

/// The rows of an input [N, C] or [C].
forest::Rows ForestRows(const Input& x);

/// The call's threads for so many rows: none but its own for few.
forest::Parallel ThreadsOf(const Call& call, size_t rows);

/// Checks that the input has as many features as the trees ask for, and gives the number of rows.
int64_t CheckedRows(const TensorView& x, size_t features, const char* layer);

/// Declares the attributes that TreeEnsembleRegressor and TreeEnsembleClassifier share: nodes, base values, transform.
inline constexpr auto kNodeAttributes = [](auto& definition) {
  definition.RawAttribute("nodes_treeids", kIntsKind, LAMINA_ATTRIBUTE_REQUIRED)
      .RawAttribute("nodes_nodeids", kIntsKind, LAMINA_ATTRIBUTE_REQUIRED)
      .RawAttribute("nodes_featureids", kIntsKind, LAMINA_ATTRIBUTE_REQUIRED)
      .RawAttribute("nodes_modes", kStringsKind, LAMINA_ATTRIBUTE_REQUIRED)
      .RawAttribute("nodes_values", kFloatsKind)
      .RawAttribute("nodes_values_as_tensor", kTensorKind)
      .RawAttribute("nodes_truenodeids", kIntsKind, LAMINA_ATTRIBUTE_REQUIRED)
      .RawAttribute("nodes_falsenodeids", kIntsKind, LAMINA_ATTRIBUTE_REQUIRED)
      .RawAttribute("nodes_missing_value_tracks_true", kIntsKind)
      .RawAttribute("nodes_hitrates", kFloatsKind)
      .RawAttribute("nodes_hitrates_as_tensor", kTensorKind)
      .RawAttribute("base_values", kFloatsKind)
      .RawAttribute("base_values_as_tensor", kTensorKind)
      .RawAttribute("post_transform", kStringKind);
};

/// Runs `build`; what the forest finds wrong becomes an Error that names the layer.
template <class Build>
auto BuildOrThrow(const char* layer, const Build& build) {
  try {
    return build();
  } catch (const std::invalid_argument& error) {
    throw Error(Cat(layer, ": ", error.what()));
  }
}

}  // namespace lamina::layers

#endif  // LAMINA_EXTENSION_LAYERS_TREE_NODES_H_
