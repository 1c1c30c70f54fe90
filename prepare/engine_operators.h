// The ONNX operators that the engine's own front-end takes.
#ifndef LAMINA_PREPARE_ENGINE_OPERATORS_H_
#define LAMINA_PREPARE_ENGINE_OPERATORS_H_

#include <functional>
#include <string_view>

namespace lamina::prepare {

/// Whether the front-end has a converter for the operator, in whatever version.
bool EngineTakes(std::string_view domain, std::string_view name);

void ForEachEngineOperator(const std::function<void(std::string_view domain, std::string_view name)>& visit);

}  // namespace lamina::prepare

#endif  // LAMINA_PREPARE_ENGINE_OPERATORS_H_
