#include "server/engine/compile_properties.h"

namespace lamina::server {

std::map<std::string, std::string> CompileProperties(const ModelConfig& config, const std::string& cache_dir) {
  std::map<std::string, std::string> properties = config.plugin_config;
  // Other devices have precisions and streams of their own.
  if (config.target_device == "CPU") properties.emplace("INFERENCE_PRECISION_HINT", "f32");
  if (!properties.count("NUM_STREAMS")) properties.emplace("PERFORMANCE_HINT", "THROUGHPUT");
  if (!cache_dir.empty()) properties.emplace("CACHE_DIR", cache_dir);
  return properties;
}

}  // namespace lamina::server
