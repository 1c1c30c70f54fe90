// Attributes read from the node itself: lists that come in several kinds or are too many to be members.
#ifndef LAMINA_EXTENSION_LAYERS_NODE_ATTRIBUTES_H_
#define LAMINA_EXTENSION_LAYERS_NODE_ATTRIBUTES_H_

#include <lamina/attribute.h>
#include <lamina/context.h>

#include <string>
#include <vector>

namespace lamina::layers {

inline constexpr uint64_t kIntKind = KindBit(LAMINA_ATTRIBUTE_INT), kIntsKind = KindBit(LAMINA_ATTRIBUTE_INTS),
                          kFloatsKind = KindBit(LAMINA_ATTRIBUTE_FLOATS),
                          kStringKind = KindBit(LAMINA_ATTRIBUTE_STRING),
                          kStringsKind = KindBit(LAMINA_ATTRIBUTE_STRINGS),
                          kTensorKind = KindBit(LAMINA_ATTRIBUTE_TENSOR);

/// Empty, or the default, if the node has no such attribute.
std::vector<int64_t> IntsOf(const Node& node, const char* name);
std::vector<std::string> StringsOf(const Node& node, const char* name);
int64_t IntOf(const Node& node, const char* name, int64_t default_value);
std::string StringOf(const Node& node, const char* name, const char* default_value);

/// The numbers of a list of floats or of a tensor (f16, f32, f64, u8), each exactly. Throws an Error for other tensors.
std::vector<double> NumbersOf(const Node& node, const char* name);
/// The same from `name` or from its tensor form, `name_as_tensor`. Throws an Error if both are given.
std::vector<double> NumbersOrTensorOf(const Node& node, const std::string& name);

}  // namespace lamina::layers

#endif  // LAMINA_EXTENSION_LAYERS_NODE_ATTRIBUTES_H_
