// What the layers of a library say of themselves has to make sense, or nobody could tell which of them a node means.
#ifndef LAMINA_SDK_LOADER_DECLARATIONS_H_
#define LAMINA_SDK_LOADER_DECLARATIONS_H_

#include <span>
#include <string>

#include "sdk/loader/manifest.h"

namespace lamina::loader {

/// Empty, or a sentence that names the layer and what to do: two layers of one name, an input, output or attribute that
/// is declared twice, a binding whose `since` comes after its `until`, two layers for an operator since the same version.
std::string CheckDeclarations(std::span<const LayerInfo> layers);

}  // namespace lamina::loader

#endif  // LAMINA_SDK_LOADER_DECLARATIONS_H_
