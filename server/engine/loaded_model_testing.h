#ifndef LAMINA_SERVER_ENGINE_LOADED_MODEL_TESTING_H_
#define LAMINA_SERVER_ENGINE_LOADED_MODEL_TESTING_H_

#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <utility>

#include "server/engine/load_model.h"
#include "server/engine/testing.h"

namespace lamina::server::testing {

/// A folder for a model, which is loaded from there and asked.
class LoadedModelTest : public ::testing::Test {
 protected:
  absl::StatusOr<std::unique_ptr<CompiledModel>> Load(ModelConfig config = {}) {
    config.name = "m";
    return LoadModel({.config = std::move(config), .version = 1, .path = folder_.path()}, timer_);
  }

  std::unique_ptr<CompiledModel> LoadSaved(const std::shared_ptr<ov::Model>& model, ModelConfig config = {}) {
    Save(model, folder_.path());
    auto loaded = Load(std::move(config));
    EXPECT_TRUE(loaded.ok()) << loaded.status();
    return loaded.ok() ? *std::move(loaded) : nullptr;
  }

  /// What is referred to has to be there until the answer is.
  static std::future<absl::Status> Start(CompiledModel& model, const InferRequest& request, OutputSink& sink) {
    std::promise<absl::Status> promise;
    std::future<absl::Status> answer = promise.get_future();
    model.InferAsync(request, sink, [promise = std::move(promise)](absl::Status status, const InferTimes&) mutable {
      promise.set_value(std::move(status));
    });
    return answer;
  }

  static absl::Status Infer(CompiledModel& model, const InferRequest& request, OutputSink& sink) {
    return Start(model, request, sink).get();
  }

  static absl::Status Infer(CompiledModel& model, const InputTensor& input, OutputSink& sink) {
    InferRequest request;
    request.inputs = {&input, 1};
    return Infer(model, request, sink);
  }

  TemporaryFolder folder_;
  Timer timer_;
};

}  // namespace lamina::server::testing

#endif  // LAMINA_SERVER_ENGINE_LOADED_MODEL_TESTING_H_
