// Trees of few levels that single rows go through together.
#ifndef LAMINA_EXTENSION_FOREST_SINGLE_LANES_H_
#define LAMINA_EXTENSION_FOREST_SINGLE_LANES_H_

#include <compare>
#include <cstdint>
#include <span>

#include "extension/forest/single_parts.h"

namespace lamina::forest {

/// Trees that can share lanes. Depths that have no code of their own are padded.
struct LaneKind {
  LaneKind(bool is_oblivious, int tree_depth);

  bool oblivious = false;
  int depth = 0;
  friend auto operator<=>(const LaneKind&, const LaneKind&) = default;
};

/// Adds trees of a kind, kVectorBytes of them at the most, as lanes.
void AddLanes(LaneKind kind, std::span<const uint32_t> members, SingleParts& parts);

/// Adds trees with sets and tails that all have this depth. REQUIRES: parts.has_set_columns().
void AddHeaps(int depth, std::span<const uint32_t> members, SingleParts& parts);

}  // namespace lamina::forest

#endif  // LAMINA_EXTENSION_FOREST_SINGLE_LANES_H_
