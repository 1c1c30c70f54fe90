// What a library's layers say of themselves, held against one another: the compiler sees one layer at a time, and
// nothing of a library in another language.
#ifndef LAMINA_SDK_LOADER_DECLARATIONS_H_
#define LAMINA_SDK_LOADER_DECLARATIONS_H_

#include <string>
#include <vector>

#include "sdk/loader/manifest.h"

namespace lamina::loader {

/// Empty if each is clear, else a sentence that names the layer and says what to do: two layers of one name; an input,
/// output or attribute that is declared twice; an operator's versions that end before they begin. Several layers may be
/// for one operator: the first that accepts a node takes it.
std::string CheckDeclarations(const std::vector<LayerInfo>& layers);

/// "onnx my.domain Soft since 3 until 5".
std::string BindingText(const Binding& binding);

}  // namespace lamina::loader

#endif  // LAMINA_SDK_LOADER_DECLARATIONS_H_
