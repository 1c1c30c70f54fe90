// Trees of any shape that single rows go through one by one, or some side by side.
#ifndef LAMINA_EXTENSION_FOREST_SINGLE_TREES_H_
#define LAMINA_EXTENSION_FOREST_SINGLE_TREES_H_

#include <cstdint>
#include <span>

#include "extension/forest/single_parts.h"

namespace lamina::forest {

/// Adds trees without sets that have up to 32 leaves (`small`) or 64.
void AddSmallMasked(std::span<const uint32_t> members, SingleParts& parts);
void AddMediumMasked(std::span<const uint32_t> members, SingleParts& parts);

/// Adds a tree all of whose nodes are asked.
void AddAsked(uint32_t t, SingleParts& parts);

/// Adds a tree that is walked. REQUIRES: parts.has_set_columns().
void AddWalked(uint32_t t, SingleParts& parts);

}  // namespace lamina::forest

#endif  // LAMINA_EXTENSION_FOREST_SINGLE_TREES_H_
