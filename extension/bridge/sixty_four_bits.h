// Keeps values of 64 bits whole on their way to layers and between them; docs/design/sixty-four-bits.md says how and
// why.
#ifndef LAMINA_EXTENSION_BRIDGE_SIXTY_FOUR_BITS_H_
#define LAMINA_EXTENSION_BRIDGE_SIXTY_FOUR_BITS_H_

#include <cstddef>

#include "openvino/core/node.hpp"

namespace lamina::bridge {

/// Where a value comes from, through moves of whole elements only.
ov::Output<ov::Node> Origin(ov::Output<ov::Node> value);

/// Exempts the graph input or constant that an operation's input comes from, through moves of whole elements only, from
/// being narrowed; an input of a body is left to the engine. Returns false if an operation of the engine computed the
/// value: it is as wide as the engine makes it.
bool KeepWide(const ov::Node& operation, size_t input, bool in_body);

/// Converts to EngineType and back, explicitly, what operations of the engine read of an output: they must not see its
/// 64 bits, or booleans, or 16-bit integers, whatever type the model gives it. Results of a body count among
/// them: returns whether one of them reads it.
bool DrawBorder(const ov::Output<ov::Node>& output, bool in_body);

}  // namespace lamina::bridge

#endif  // LAMINA_EXTENSION_BRIDGE_SIXTY_FOUR_BITS_H_
