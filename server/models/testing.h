#ifndef LAMINA_SERVER_MODELS_TESTING_H_
#define LAMINA_SERVER_MODELS_TESTING_H_

#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <latch>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/engine/testing.h"
#include "server/models/model_core.h"

/// What the tests of the models share: models that compute nothing, on disk and loaded.
namespace lamina::server::testing {

/// Answers when it is told to; at once unless it was made to wait. Its platform is "fake", and the nireq that it was
/// loaded with, if that is not 0.
class FakeModel final : public CompiledModel {
 public:
  FakeModel(int64_t nireq, std::atomic<int>& alive, std::latch* gate)
      : alive_(alive), gate_(gate), platform_(nireq == 0 ? "fake" : absl::StrCat("fake ", nireq)) {
    ++alive_;
  }
  ~FakeModel() override { --alive_; }

  const std::shared_ptr<const Signature>& signature() const override { return signature_; }
  const std::string& platform() const override { return platform_; }
  void InferAsync(const InferRequest&, OutputSink&, Done done) override {
    if (gate_ == nullptr) return done(absl::OkStatus(), AtOnce());
    std::thread([gate = gate_, done = std::move(done)]() mutable {
      gate->wait();
      done(absl::OkStatus(), AtOnce());
    }).detach();
  }
  void Refine() override {
    ++refined;
    if (std::exchange(is_refined_, true)) ++refined_again;
  }
  Occupancy occupancy() const override { return {.slots = 3}; }

  static inline std::atomic<int> refined = 0;        // times, of all of them
  static inline std::atomic<int> refined_again = 0;  // of one that was refined before

 private:
  static InferTimes AtOnce() {
    const auto now = InferTimes::Clock::now();
    return {.started = now, .computed = now};
  }

  std::atomic<int>& alive_;
  std::latch* const gate_;
  const std::shared_ptr<const Signature> signature_ = std::make_shared<Signature>();
  const std::string platform_;
  bool is_refined_ = false;  // its owner's thread alone
};

/// A folder for models, and cores that serve what lies there.
class ModelsTest : public ::testing::Test {
 protected:
  /// The log is made before the threads that write to it, as in the server: ThreadSanitizer cannot see into it.
  ModelsTest() { spdlog::default_logger(); }

  void PutVersion(const std::string& model, int number, const std::string& text = "good") {
    folder_.Write(model + "/" + std::to_string(number) + "/model.onnx", text);
  }
  void Remove(const std::string& model, int number) {
    std::filesystem::remove_all(folder_.path() / model / std::to_string(number));
  }

  ModelConfig Config(const std::string& name, VersionPolicy policy = {}) const {
    ModelConfig config;
    config.name = name;
    config.base_path = (folder_.path() / name).string();
    config.version_policy = policy;
    return config;
  }

  /// A version whose file says "bad" cannot be loaded.
  std::unique_ptr<ModelCore> Start(const std::vector<ModelConfig>& configs, const std::string& config_path = "") {
    ModelCore::Options options;
    options.config_path = config_path;
    options.poll_interval = poll_interval_;
    options.load = [this](const ModelConfig& config, int64_t version,
                          const std::string& path) -> absl::StatusOr<std::unique_ptr<CompiledModel>> {
      std::error_code missing;  // a folder is seen before the file in it
      const auto size = std::filesystem::file_size(std::filesystem::path(path) / "model.onnx", missing);
      if (missing || size == 3) {
        return absl::FailedPreconditionError(config.name + " " + std::to_string(version) + " is bad");
      }
      ++loads_;
      return std::make_unique<FakeModel>(config.nireq, alive_, gate_);
    };
    return std::make_unique<ModelCore>(configs, options);
  }

  static void Eventually(const char* what, const std::function<bool()>& holds) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!holds() && std::chrono::steady_clock::now() < until)
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    EXPECT_TRUE(holds()) << what;
  }

  static std::vector<int64_t> Versions(const ModelCore& core, const std::string& model) {
    const auto metadata = core.Metadata(model, {});
    return metadata.ok() ? metadata->versions : std::vector<int64_t>{};
  }

  TemporaryFolder folder_;
  std::atomic<int> alive_ = 0, loads_ = 0;
  std::latch* gate_ = nullptr;
  std::chrono::milliseconds poll_interval_{5};
};

}  // namespace lamina::server::testing

#endif  // LAMINA_SERVER_MODELS_TESTING_H_
