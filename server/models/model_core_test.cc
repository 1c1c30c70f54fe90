#include "server/models/model_core.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <latch>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "server/engine/testing.h"

namespace lamina::server {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::KeepingSink;
using testing::TemporaryFolder;

/// Answers when it is told to; at once unless it was made to wait.
class FakeModel final : public CompiledModel {
 public:
  explicit FakeModel(std::atomic<int>& alive, std::latch* gate) : alive_(alive), gate_(gate) { ++alive_; }
  ~FakeModel() override { --alive_; }

  const std::shared_ptr<const Signature>& signature() const override { return signature_; }
  const std::string& platform() const override { return platform_; }
  void InferAsync(const InferRequest&, OutputSink&, absl::AnyInvocable<void(absl::Status)> done) override {
    if (gate_ == nullptr) return done(absl::OkStatus());
    std::thread([gate = gate_, done = std::move(done)]() mutable {
      gate->wait();
      done(absl::OkStatus());
    }).detach();
  }

 private:
  std::atomic<int>& alive_;
  std::latch* const gate_;
  const std::shared_ptr<const Signature> signature_ = std::make_shared<Signature>();
  const std::string platform_ = "fake";
};

class ModelCoreTest : public ::testing::Test {
 protected:
  void PutVersion(const std::string& model, int number, const std::string& text = "good") {
    folder_.Write(model + "/" + std::to_string(number) + "/model.onnx", text);
  }
  void Remove(const std::string& model, int number) { fs::remove_all(folder_.path() / model / std::to_string(number)); }

  ModelConfig Config(const std::string& name, VersionPolicy policy = {}) const {
    ModelConfig config;
    config.name = name;
    config.base_path = (folder_.path() / name).string();
    config.version_policy = policy;
    return config;
  }

  /// A version whose file says "bad" cannot be loaded.
  std::unique_ptr<ModelCore> Start(const std::vector<ModelConfig>& configs) {
    ModelCore::Options options;
    options.poll_interval = std::chrono::milliseconds(5);
    options.load = [this](const ModelConfig& config, int64_t version,
                          const std::string& path) -> absl::StatusOr<std::unique_ptr<CompiledModel>> {
      std::error_code missing;  // a folder is seen before the file in it
      const auto size = fs::file_size(fs::path(path) / "model.onnx", missing);
      if (missing || size == 3) {
        return absl::FailedPreconditionError(config.name + " " + std::to_string(version) + " is bad");
      }
      ++loads_;
      return std::make_unique<FakeModel>(alive_, gate_);
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
};

const VersionPolicy kAll{.kind = VersionPolicy::Kind::kAll};

TEST_F(ModelCoreTest, ServesTheHighestVersion) {
  PutVersion("m", 1);
  PutVersion("m", 12);
  folder_.Write("m/not_a_version/model.onnx", "good");
  const auto core = Start({Config("m")});
  EXPECT_TRUE(core->WaitForFirstLoads());
  const auto metadata = core->Metadata("m", {});
  ASSERT_TRUE(metadata.ok()) << metadata.status();
  EXPECT_EQ(metadata->version, 12);
  EXPECT_THAT(metadata->versions, ElementsAre(12));
  EXPECT_EQ(metadata->platform, "fake");
  EXPECT_THAT(core->Models(), ElementsAre("m"));
  KeepingSink sink;
  const auto result = core->Infer({.model = "m"}, sink);
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->version, 12);
}

TEST_F(ModelCoreTest, ABasePathMayBeTheModelItself) {
  folder_.Write("m/model.onnx", "good");
  const auto core = Start({Config("m")});
  EXPECT_TRUE(core->WaitForFirstLoads());
  EXPECT_TRUE(core->ModelReady("m", {.version = 1}).ok());
}

TEST_F(ModelCoreTest, BadModelsAreReportedAndTheRestIsServed) {
  PutVersion("good", 1);
  PutVersion("bad", 1, "bad");
  const auto core = Start({Config("bad"), Config("good"), Config("missing")});
  EXPECT_TRUE(core->WaitForFirstLoads());
  EXPECT_TRUE(core->ModelReady("good", {}).ok());
  const absl::Status bad = core->ModelReady("bad", {.version = 1});
  EXPECT_TRUE(absl::IsNotFound(bad));
  EXPECT_EQ(bad.message(), "Servable not found for request: Specific(bad, 1): bad 1 is bad");
  EXPECT_THAT(std::string(core->ModelReady("missing", {}).message()),
              ::testing::StartsWith("Servable not found for request: Specific(missing, 0): there is no "));
  EXPECT_EQ(core->ModelReady("nobody", {.version = 7}).message(),
            "Servable not found for request: Specific(nobody, 7)");
  const auto statuses = core->Status("bad", std::nullopt);
  ASSERT_TRUE(statuses.ok() && statuses->size() == 1);
  EXPECT_EQ(statuses->at(0).state, VersionState::kEnd);
  EXPECT_EQ(statuses->at(0).error.message(), "bad 1 is bad");
}

TEST_F(ModelCoreTest, NothingToServe) {
  PutVersion("bad", 1, "bad");
  const auto core = Start({Config("bad")});
  EXPECT_FALSE(core->WaitForFirstLoads());
  EXPECT_FALSE(core->Ready());
  EXPECT_TRUE(core->Live());
}

TEST_F(ModelCoreTest, TheFirstOfTwoOfOneNameCounts) {
  PutVersion("m", 1);
  PutVersion("other", 5);
  ModelConfig second = Config("other");
  second.name = "m";
  const auto core = Start({Config("m"), second});
  EXPECT_TRUE(core->WaitForFirstLoads());
  EXPECT_THAT(Versions(*core, "m"), ElementsAre(1));
}

TEST_F(ModelCoreTest, VersionsComeAndGo) {
  PutVersion("m", 1);
  const auto core = Start({Config("m")});
  EXPECT_TRUE(core->WaitForFirstLoads());
  PutVersion("m", 2);
  Eventually("version 2 takes over", [&] { return Versions(*core, "m") == std::vector<int64_t>{2}; });
  Eventually("version 1 is unloaded", [&] { return alive_ == 1; });
  Eventually("version 1 has ended",
             [&] { return core->Status("m", VersionSelector{.version = 1})->at(0).state == VersionState::kEnd; });
  Remove("m", 2);
  Eventually("version 1 is back", [&] { return Versions(*core, "m") == std::vector<int64_t>{1}; });
  Remove("m", 1);
  Eventually("nothing is left", [&] { return alive_ == 0; });
  EXPECT_FALSE(core->Ready());
  PutVersion("m", 1);
  Eventually("it can come back", [&] { return core->Ready(); });
}

TEST_F(ModelCoreTest, ABadNewVersionDoesNotTakeTheModelAwayAndIsTriedAgainWhenItChanges) {
  PutVersion("m", 1);
  const auto core = Start({Config("m")});
  EXPECT_TRUE(core->WaitForFirstLoads());
  PutVersion("m", 2, "bad");
  Eventually("version 2 has failed", [&] {
    return core->Status("m", VersionSelector{.version = 2}).ok() &&
           core->Status("m", VersionSelector{.version = 2})->at(0).state == VersionState::kEnd;
  });
  EXPECT_THAT(Versions(*core, "m"), ElementsAre(1));
  PutVersion("m", 2, "good now");
  Eventually("version 2 takes over", [&] { return Versions(*core, "m") == std::vector<int64_t>{2}; });
}

TEST_F(ModelCoreTest, LabelsNameVersions) {
  PutVersion("m", 1);
  PutVersion("m", 2);
  ModelConfig config = Config("m", kAll);
  config.version_labels = {{"stable", 1}};
  const auto core = Start({config});
  EXPECT_TRUE(core->WaitForFirstLoads());
  EXPECT_EQ(core->Metadata("m", {.label = "stable"})->version, 1);
  EXPECT_EQ(core->Metadata("m", {})->version, 2);
  EXPECT_THAT(std::string(core->ModelReady("m", {.label = "canary"}).message()),
              HasSubstr("no version labelled 'canary'"));
  EXPECT_EQ(core->Status("m", std::nullopt)->size(), 2u);
}

TEST_F(ModelCoreTest, AVersionIsUnloadedAfterItsRequests) {
  std::latch gate(1);
  gate_ = &gate;
  PutVersion("m", 1);
  const auto core = Start({Config("m")});
  EXPECT_TRUE(core->WaitForFirstLoads());
  KeepingSink sink;
  std::latch answered(1);
  int64_t version = 0;
  const InferRequest request{.model = "m"};
  core->InferAsync(request, sink, [&](absl::StatusOr<InferResult> result) {
    version = result->version;
    answered.count_down();
  });
  Remove("m", 1);
  Eventually("it takes no more requests", [&] { return !core->ModelReady("m", {}).ok(); });
  EXPECT_EQ(core->Status("m", std::nullopt)->at(0).state, VersionState::kUnloading);
  EXPECT_EQ(alive_, 1) << "its request still runs";
  gate.count_down();
  answered.wait();
  EXPECT_EQ(version, 1);
  Eventually("it is unloaded", [&] { return alive_ == 0; });
}

TEST_F(ModelCoreTest, StoppingWaitsForRequests) {
  std::latch gate(1);
  gate_ = &gate;
  PutVersion("m", 1);
  auto core = Start({Config("m")});
  EXPECT_TRUE(core->WaitForFirstLoads());
  KeepingSink sink;
  std::atomic<bool> answered = false;
  const InferRequest request{.model = "m"};
  core->InferAsync(request, sink, [&](absl::StatusOr<InferResult>) { answered = true; });
  core->BeginShutdown();
  EXPECT_FALSE(core->Live());
  EXPECT_FALSE(core->Ready());
  std::thread opener([&] { gate.count_down(); });
  core.reset();
  EXPECT_TRUE(answered);
  EXPECT_EQ(alive_, 0);
  opener.join();
}

TEST_F(ModelCoreTest, RequestsGoOnWhileVersionsComeAndGo) {
  PutVersion("m", 1);
  const auto core = Start({Config("m", kAll)});
  EXPECT_TRUE(core->WaitForFirstLoads());
  std::atomic<bool> stop = false;
  std::atomic<int> answers = 0;
  std::vector<std::jthread> clients;
  for (int i = 0; i < 4; ++i) {
    clients.emplace_back([&] {
      while (!stop) {
        KeepingSink sink;
        const auto result = core->Infer({.model = "m"}, sink);
        ASSERT_TRUE(result.ok()) << result.status();
        ++answers;
      }
    });
  }
  for (int round = 0; round < 10; ++round) {
    const int before = loads_;
    PutVersion("m", 2);
    Eventually("version 2 is loaded", [&] { return loads_ > before && Versions(*core, "m").size() == 2; });
    Remove("m", 2);
    Eventually("version 2 is gone", [&] { return alive_ == 1; });
  }
  stop = true;
  clients.clear();
  EXPECT_GT(answers, 0);
}

TEST_F(ModelCoreTest, RemoteStorageIsRefusedInWords) {
  EXPECT_THAT(std::string(FindVersions("s3://bucket/model").status().message()), HasSubstr("remote storage"));
  EXPECT_THAT(std::string(FindVersions(folder_.path()).status().message()), HasSubstr("folders called 1, 2"));
}

}  // namespace
}  // namespace lamina::server
