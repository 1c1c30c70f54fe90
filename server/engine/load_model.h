#ifndef LAMINA_SERVER_ENGINE_LOAD_MODEL_H_
#define LAMINA_SERVER_ENGINE_LOAD_MODEL_H_

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "server/config/model_config.h"
#include "server/engine/compiled_model.h"
#include "server/extensions/extension_library.h"
#include "server/threads/timer.h"

namespace lamina::server {

/// What it takes to load one version of a model.
struct LoadRequest {
  ModelConfig config;
  int64_t version = 1;
  /// The version's folder, or the model's file.
  std::string path;
  ExtensionSet extensions;
  /// Where the engine keeps compiled models between starts; empty: nowhere.
  std::string cache_dir;
  std::chrono::steady_clock::duration queue_timeout = std::chrono::seconds(5);
};

/// Reads, reshapes, compiles and warms up a model. Takes from milliseconds to minutes. Thread-safe; `timer` outlives
/// the model. An error is a sentence that names the model, says what is wrong and what to do.
absl::StatusOr<std::unique_ptr<CompiledModel>> LoadModel(const LoadRequest& request, Timer& timer);

}  // namespace lamina::server

#endif  // LAMINA_SERVER_ENGINE_LOAD_MODEL_H_
