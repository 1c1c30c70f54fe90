// What every host checks of a node before a layer sees it, from the layer's declarations alone.
#ifndef LAMINA_SDK_LOADER_CHECKS_H_
#define LAMINA_SDK_LOADER_CHECKS_H_

#include <cstdint>
#include <span>
#include <string>

#include "lamina/abi.h"

namespace lamina::loader {

/// "f32 or f64"; "any type" for 0.
std::string TypeNames(uint64_t types);
/// "int", "float", "list of strings", "tensor", ...
const char* KindName(int32_t kind);

/// Empty if the attributes fit the layer's declarations, else a sentence: one that is required and absent, one of
/// another kind, or one that is there twice. Attributes that the layer does not declare are not looked at.
std::string CheckAttributes(const lamina_layer& layer, std::span<const lamina_attribute* const> attributes);

/// Empty if the inputs' number and types fit, else a sentence that names the input, what was got and what is expected.
/// A null input is absent, which only an optional port allows; LAMINA_DYNAMIC fits anything.
std::string CheckInputs(const lamina_layer& layer, std::span<const lamina_tensor* const> inputs);

/// How many outputs a node may have at the most; SIZE_MAX for a variadic port.
size_t MaxOutputs(const lamina_layer& layer);

}  // namespace lamina::loader

#endif  // LAMINA_SDK_LOADER_CHECKS_H_
