#ifndef LAMINA_SERVER_ENGINE_COMPILE_PROPERTIES_H_
#define LAMINA_SERVER_ENGINE_COMPILE_PROPERTIES_H_

#include <map>
#include <string>

#include "server/config/model_config.h"

namespace lamina::server {

/// The properties that a model is compiled with: ours, and the model's plugin_config over them. Ours are
/// INFERENCE_PRECISION_HINT=f32 (at its default the engine computes in bf16 on CPUs that have it, and gives other
/// numbers), PERFORMANCE_HINT=THROUGHPUT unless the model sets a hint or its streams, and the cache's folder.
std::map<std::string, std::string> CompileProperties(const ModelConfig& config, const std::string& cache_dir);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_ENGINE_COMPILE_PROPERTIES_H_
